import {
  requestDecision,
  type RequestDecision,
  requestsPage,
  type RequestsPage,
  requestsQuery,
  type RequestsQuery,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RequestDecisions } from './request-decisions';
import { RequestList } from './request-list';

/** Other people's requests, for those who decide about them. */
@ApiTags('authorisation')
@Controller('authorisation-requests')
@Policy('decider')
export class RequestsController {
  constructor(
    private readonly requests: RequestList,
    private readonly decisions: RequestDecisions,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: requestsPage })
  list(@CurrentPerson() person: Person, @Query({ schema: requestsQuery }) query: RequestsQuery): Promise<RequestsPage> {
    return this.requests.page(person, query);
  }

  @Post(':id/decision')
  @HttpCode(204)
  @ApiNoContentResponse()
  decide(
    @CurrentPerson() person: Person,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: requestDecision }) decision: RequestDecision,
  ): Promise<void> {
    return this.decisions.decide(person, id, decision);
  }
}
