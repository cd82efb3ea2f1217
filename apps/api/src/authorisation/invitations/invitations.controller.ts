import {
  invitationsPage,
  type InvitationsPage,
  invitationsQuery,
  type InvitationsQuery,
  invitationWish,
  type InvitationWish,
  madeInvitation,
  type MadeInvitation,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { RateLimit } from '../../http/rate-limit.guard';
import { Invitations } from './invitations';

/** Invitations, for those who may grant what they offer. */
@ApiTags('authorisation')
@Controller('invitations')
@Policy('decider')
export class InvitationsController {
  constructor(private readonly invitations: Invitations) {}

  @Get()
  @ApiOkResponse({ standardSchema: invitationsPage })
  page(
    @CurrentPerson() person: Person,
    @Query({ schema: invitationsQuery }) query: InvitationsQuery,
  ): Promise<InvitationsPage> {
    return this.invitations.page(person, query);
  }

  /** The only answer that holds the link. */
  @Post()
  @RateLimit({ name: 'invite', perMinute: 30 })
  @ApiCreatedResponse({ standardSchema: madeInvitation })
  make(@CurrentPerson() person: Person, @Body({ schema: invitationWish }) wish: InvitationWish): Promise<MadeInvitation> {
    return this.invitations.make(person, wish);
  }

  /** Withdraws one that nobody accepted. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  withdraw(@CurrentPerson() person: Person, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.invitations.withdraw(person, id);
  }
}
