import {
  type CatalogueSignInOrder,
  catalogueSignInOrder,
  type CatalogueSignInsView,
  catalogueSignInsView,
  type CatalogueSignOutOrder,
  catalogueSignOutOrder,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson, type Person, Policy } from '../auth';
import { RateLimit } from '../http/rate-limit.guard';
import { CatalogueSignIn } from './catalogue-sign-in';

/** Of people, authorised or not: that a catalogue knows somebody may be what authorises them. */
@ApiTags('catalogue-sessions')
@Controller('catalogue-sessions')
@Policy('signed-in')
export class CatalogueSessionsController {
  constructor(private readonly signIns: CatalogueSignIn) {}

  @Get()
  @RateLimit({ name: 'catalogue-sign-ins', perMinute: 60 })
  @ApiOkResponse({ standardSchema: catalogueSignInsView })
  list(@CurrentPerson() person: Person): Promise<CatalogueSignInsView> {
    return this.signIns.view(person.id);
  }

  /**
   * Signs in to a catalogue. 403 CATALOGUE_LOGIN_REFUSED, 404 (no such catalogue), 409 CATALOGUE_OTHER_ACCOUNT and
   * CATALOGUE_ACCOUNT_TAKEN, 503 CATALOGUE_UNAVAILABLE.
   */
  @Post()
  @HttpCode(204)
  @RateLimit({ name: 'catalogue-sign-in', perMinute: 10 })
  @ApiNoContentResponse()
  signIn(
    @CurrentPerson() person: Person,
    @Body({ schema: catalogueSignInOrder }) order: CatalogueSignInOrder,
  ): Promise<void> {
    return this.signIns.signIn(person.id, order);
  }

  @Post('end')
  @HttpCode(204)
  @RateLimit({ name: 'catalogue-sign-out', perMinute: 30 })
  @ApiNoContentResponse()
  signOut(
    @CurrentPerson() person: Person,
    @Body({ schema: catalogueSignOutOrder }) { catalogue }: CatalogueSignOutOrder,
  ): Promise<void> {
    return this.signIns.end(person.id, catalogue);
  }
}
