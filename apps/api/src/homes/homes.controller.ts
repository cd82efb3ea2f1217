import { homeView, type HomeView } from '@beamdesk/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { HomesService } from './homes.service';

@ApiTags('home')
@Controller('home')
@Policy('accepted')
export class HomesController {
  constructor(private readonly homes: HomesService) {}

  /** One's own, and nobody else's. */
  @Get()
  @ApiOkResponse({ standardSchema: homeView })
  mine(@CurrentPerson() person: Person): Promise<HomeView> {
    return this.homes.viewFor(person.id);
  }
}
