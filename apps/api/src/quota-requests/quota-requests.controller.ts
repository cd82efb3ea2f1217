import {
  ownQuotaRequests,
  quotaRequestDecision,
  type QuotaRequestDecision,
  quotaRequestsPage,
  type QuotaRequestsPage,
  quotaRequestsQuery,
  type QuotaRequestsQuery,
  quotaRequestView,
  type QuotaRequestView,
  quotaRequestWish,
  type QuotaRequestWish,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RateLimit } from '../http/rate-limit.guard';
import { OwnQuotaRequests } from './own-quota-requests';
import { QuotaRequestDecisions } from './quota-request-decisions';
import { QuotaRequestList } from './quota-request-list';

const id = { schema: z.uuid() };

/** Requests for more quota or a longer life: one's own, and for staff those they decide. */
@ApiTags('quota')
@Controller('quota-requests')
@Policy('accepted')
export class QuotaRequestsController {
  constructor(
    private readonly own: OwnQuotaRequests,
    private readonly requests: QuotaRequestList,
    private readonly decisions: QuotaRequestDecisions,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: ownQuotaRequests })
  mine(@CurrentPerson() person: Person): Promise<QuotaRequestView[]> {
    return this.own.list(person);
  }

  @Post()
  @RateLimit({ name: 'quota-request', perMinute: 30 })
  @ApiCreatedResponse({ standardSchema: quotaRequestView })
  make(
    @CurrentPerson() person: Person,
    @Body({ schema: quotaRequestWish }) wish: QuotaRequestWish,
  ): Promise<QuotaRequestView> {
    return this.own.make(person, wish);
  }

  /** One's own, while nobody has decided; idempotent. */
  @Post(':id/withdrawal')
  @Policy('member')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: quotaRequestView })
  withdraw(@CurrentPerson() person: Person, @Param('id', id) request: string): Promise<QuotaRequestView> {
    return this.own.withdraw(person, request);
  }

  @Get('for-staff')
  @Policy('decider')
  @ApiOkResponse({ standardSchema: quotaRequestsPage })
  page(
    @CurrentPerson() person: Person,
    @Query({ schema: quotaRequestsQuery }) query: QuotaRequestsQuery,
  ): Promise<QuotaRequestsPage> {
    return this.requests.page(person, query);
  }

  @Post(':id/decision')
  @Policy('decider')
  @HttpCode(204)
  @ApiNoContentResponse()
  decide(
    @CurrentPerson() person: Person,
    @Param('id', id) request: string,
    @Body({ schema: quotaRequestDecision }) decision: QuotaRequestDecision,
  ): Promise<void> {
    return this.decisions.decide(person, request, decision);
  }
}
