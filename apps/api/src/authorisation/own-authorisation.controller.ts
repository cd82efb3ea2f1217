import {
  authorisationWish,
  type AuthorisationWish,
  ownAuthorisationView,
  type OwnAuthorisationView,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RateLimit } from '../http/rate-limit.guard';
import { CatalogueAuthorisation } from './catalogue-authorisation';
import { OwnRequests } from './own-requests';

/** One's own authorisation: how it stands, asking for one. For everybody with a login; every answer is how it stands then. */
@ApiTags('authorisation')
@Controller('authorisation')
@Policy('signed-in')
export class OwnAuthorisationController {
  constructor(
    private readonly requests: OwnRequests,
    private readonly catalogues: CatalogueAuthorisation,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: ownAuthorisationView })
  show(@CurrentPerson() person: Person): Promise<OwnAuthorisationView> {
    return this.requests.view(person);
  }

  /** Asks the catalogues again whether they know this account. */
  @Post('check')
  @HttpCode(200)
  @RateLimit({ name: 'authorisation-check', perMinute: 6 })
  @ApiOkResponse({ standardSchema: ownAuthorisationView })
  async check(@CurrentPerson() person: Person): Promise<OwnAuthorisationView> {
    await this.catalogues.settle(person.id);
    return this.requests.view(person);
  }

  @Put('request')
  @RateLimit({ name: 'authorisation-request', perMinute: 10 })
  @ApiOkResponse({ standardSchema: ownAuthorisationView })
  async ask(
    @CurrentPerson() person: Person,
    @Body({ schema: authorisationWish }) wish: AuthorisationWish,
  ): Promise<OwnAuthorisationView> {
    await this.requests.ask(person, wish);
    return this.requests.view(person);
  }

  @Delete('request')
  @ApiOkResponse({ standardSchema: ownAuthorisationView })
  async withdraw(@CurrentPerson() person: Person): Promise<OwnAuthorisationView> {
    await this.requests.withdraw(person);
    return this.requests.view(person);
  }
}
