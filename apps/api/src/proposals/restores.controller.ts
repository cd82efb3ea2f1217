import { type RestoreOrder, restoreOrder, type RestoreView, restoreView } from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RateLimit } from '../http/rate-limit.guard';
import { Restores } from './restores';

@ApiTags('proposals')
@Controller('proposals/:key/restores')
@Policy('member')
export class RestoresController {
  constructor(private readonly restores: Restores) {}

  @Post()
  @HttpCode(202)
  @RateLimit({ name: 'restores', perMinute: 20 })
  @ApiAcceptedResponse({ standardSchema: restoreView })
  request(
    @CurrentPerson() person: Person,
    @Param('key') key: string,
    @Body({ schema: restoreOrder }) order: RestoreOrder,
  ): Promise<RestoreView> {
    return this.restores.request(person, key, order);
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: restoreView })
  find(@CurrentPerson() person: Person, @Param('key') key: string, @Param('id') id: string): Promise<RestoreView> {
    return this.restores.find(person, key, id);
  }
}
