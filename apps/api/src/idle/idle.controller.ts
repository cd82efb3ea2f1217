import { instanceView, type InstanceView } from '@beamdesk/contracts';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { IdleService } from './idle.service';

@ApiTags('instances')
@Controller('instances')
@Policy('member')
export class IdleController {
  constructor(private readonly idle: IdleService) {}

  /** Somebody still wants it: counts as use, and ends the warning that it stops for want of it. */
  @Post(':id/keep-running')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: instanceView })
  keepRunning(
    @CurrentPerson() person: Person,
    @Param('id', { schema: z.uuid() }) instance: string,
  ): Promise<InstanceView> {
    return this.idle.keepRunning(person, instance);
  }
}
