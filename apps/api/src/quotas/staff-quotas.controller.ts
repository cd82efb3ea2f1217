import {
  overrideOrder,
  type OverrideOrder,
  quotasPage,
  type QuotasPage,
  quotasQuery,
  type QuotasQuery,
  quotaSubjectKind,
  type QuotaSubjectKind,
  subjectDetail,
  type SubjectDetail,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { StaffQuotas } from './staff-quotas';

const KIND = { schema: quotaSubjectKind };
const SUBJECT = { schema: z.string().min(1).max(1000) };

/** Limits of people, proposals and beamlines, for those who decide about them. */
@ApiTags('quota')
@Controller('quotas')
@Policy('decider')
export class StaffQuotasController {
  constructor(private readonly quotas: StaffQuotas) {}

  @Get()
  @ApiOkResponse({ standardSchema: quotasPage })
  page(@CurrentPerson() person: Person, @Query({ schema: quotasQuery }) query: QuotasQuery): Promise<QuotasPage> {
    return this.quotas.page(person, query);
  }

  @Get(':kind/:id')
  @ApiOkResponse({ standardSchema: subjectDetail })
  detail(
    @CurrentPerson() person: Person,
    @Param('kind', KIND) kind: QuotaSubjectKind,
    @Param('id', SUBJECT) id: string,
  ): Promise<SubjectDetail> {
    return this.quotas.detail(person, { kind, id });
  }

  /** Other limits for a time. */
  @Post(':kind/:id/overrides')
  @HttpCode(204)
  @ApiNoContentResponse()
  async order(
    @CurrentPerson() person: Person,
    @Param('kind', KIND) kind: QuotaSubjectKind,
    @Param('id', SUBJECT) id: string,
    @Body({ schema: overrideOrder }) order: OverrideOrder,
  ): Promise<void> {
    await this.quotas.order(person, { kind, id }, order);
  }

  /** Before its time; what went before counts again. */
  @Delete(':kind/:id/overrides/:override')
  @HttpCode(204)
  @ApiNoContentResponse()
  end(
    @CurrentPerson() person: Person,
    @Param('kind', KIND) kind: QuotaSubjectKind,
    @Param('id', SUBJECT) id: string,
    @Param('override', { schema: z.uuid() }) override: string,
  ): Promise<void> {
    return this.quotas.end(person, { kind, id }, override);
  }
}
