import {
  proposalDetail,
  type ProposalDetail,
  type ProposalsPage,
  proposalsPage,
  type ProposalsQuery,
  proposalsQuery,
} from '@beamdesk/contracts';
import { Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { ProposalsService } from './proposals.service';

@ApiTags('proposals')
@Controller('proposals')
@Policy('member')
export class ProposalsController {
  constructor(private readonly proposals: ProposalsService) {}

  @Get()
  @Policy('accepted')
  @ApiOkResponse({ standardSchema: proposalsPage })
  list(
    @CurrentPerson() person: Person,
    @Query({ schema: proposalsQuery }) query: ProposalsQuery,
  ): Promise<ProposalsPage> {
    return this.proposals.list(person, query);
  }

  @Get(':key')
  @ApiOkResponse({ standardSchema: proposalDetail })
  get(@CurrentPerson() person: Person, @Param('key') key: string): Promise<ProposalDetail> {
    return this.proposals.get(person, key);
  }

  @Put(':key/favourite')
  @HttpCode(204)
  @ApiNoContentResponse()
  mark(@CurrentPerson() person: Person, @Param('key') key: string): Promise<void> {
    return this.proposals.mark(person, key);
  }

  @Delete(':key/favourite')
  @HttpCode(204)
  @ApiNoContentResponse()
  unmark(@CurrentPerson() person: Person, @Param('key') key: string): Promise<void> {
    return this.proposals.unmark(person, key);
  }
}
