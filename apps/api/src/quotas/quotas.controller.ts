import { quotaView, type QuotaView } from '@beamdesk/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { QuotasService } from './quotas.service';

@ApiTags('quota')
@Controller('quota')
@Policy('accepted')
export class QuotasController {
  constructor(private readonly quotas: QuotasService) {}

  @Get()
  @ApiOkResponse({ standardSchema: quotaView })
  mine(@CurrentPerson() person: Person): Promise<QuotaView> {
    return this.quotas.viewFor(person.id);
  }
}
