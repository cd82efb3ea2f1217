import {
  handedCode,
  type HandedCode,
  invitationOffer,
  type InvitationOffer,
  ownAuthorisationView,
  type OwnAuthorisationView,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { RateLimit } from '../../http/rate-limit.guard';
import { OwnRequests } from '../own-requests';
import { hashOfCode } from './invitation-code';
import { InvitationRedemption } from './invitation-redemption';

declare module 'express-session' {
  interface SessionData {
    /** SHA-256 of the code of an invitation that this browser handed in; outlives the sign-in that follows. */
    invitation?: string;
  }
}

/**
 * Accepting an invitation: the code is handed in before the sign-in and kept, hashed, by the api, so that neither an address
 * nor the browser's storage has to hold it on the way to the provider and back.
 */
@ApiTags('authorisation')
@Controller()
@Policy('signed-in')
export class OwnInvitationController {
  constructor(
    private readonly redemption: InvitationRedemption,
    private readonly requests: OwnRequests,
  ) {}

  /** Says nothing of what the code is worth: that is for those who sign in. */
  @Post('auth/invitation')
  @Policy('public')
  @HttpCode(204)
  @RateLimit({ name: 'invitation-code', perMinute: 20 })
  @ApiNoContentResponse()
  handIn(@Req() { session }: Request, @Body({ schema: handedCode }) { code }: HandedCode): void {
    session.invitation = hashOfCode(code);
  }

  /** What is offered, by whom. */
  @Get('authorisation/invitation')
  @RateLimit({ name: 'invitation', perMinute: 30 })
  @ApiOkResponse({ standardSchema: invitationOffer })
  offer(@CurrentPerson() person: Person, @Req() { session }: Request): Promise<InvitationOffer> {
    return this.redemption.offer(person, session.invitation);
  }

  /** Answers how the person stands then. */
  @Post('authorisation/invitation/acceptance')
  @HttpCode(200)
  @RateLimit({ name: 'invitation', perMinute: 30 })
  @ApiOkResponse({ standardSchema: ownAuthorisationView })
  async accept(@CurrentPerson() person: Person, @Req() { session }: Request): Promise<OwnAuthorisationView> {
    await this.redemption.accept(person, session.invitation);
    return this.requests.view(person);
  }

  /** Not now: this browser forgets it, and the link stays good. */
  @Delete('authorisation/invitation')
  @HttpCode(204)
  @ApiNoContentResponse()
  putAway(@Req() { session }: Request): void {
    delete session.invitation;
  }
}
