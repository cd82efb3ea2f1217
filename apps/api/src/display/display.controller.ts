import { type DisplayRequest, displayRequest } from '@beamdesk/contracts';
import { Body, Controller, HttpCode, Param, Put } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RateLimit } from '../http/rate-limit.guard';
import { DisplayService } from './display.service';

@ApiTags('instances')
@Controller('instances/:id/display')
@Policy('member')
export class DisplayController {
  constructor(private readonly display: DisplayService) {}

  /** Accepted: the guest's screen takes the size; the size of the picture tells when. */
  @Put()
  @HttpCode(202)
  @RateLimit({ name: 'display', perMinute: 120 })
  @ApiAcceptedResponse()
  set(
    @CurrentPerson() person: Person,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: displayRequest }) size: DisplayRequest,
  ): Promise<void> {
    return this.display.set(person, id, size);
  }
}
