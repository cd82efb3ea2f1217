import {
  overrideOrder,
  type OverrideOrder,
  quotasPage,
  type QuotasPage,
  quotasQuery,
  type QuotasQuery,
  subjectDetail,
  type SubjectDetail,
} from '@beamdesk/contracts';
import { type Subject, SUBJECT_KINDS } from '@beamdesk/quota';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { notFound } from '../http/api-error';
import { StaffQuotas } from './staff-quotas';

const TEXT = { schema: z.string().min(1).max(1000) };

/** @throws ApiError 404 for a kind that there is not */
function subject(kind: string, id: string): Subject {
  const known = SUBJECT_KINDS.find((one) => one === kind);
  if (!known) throw notFound();
  return { kind: known, id };
}

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
  async detail(
    @CurrentPerson() person: Person,
    @Param('kind', TEXT) kind: string,
    @Param('id', TEXT) id: string,
  ): Promise<SubjectDetail> {
    return this.quotas.detail(person, subject(kind, id));
  }

  /** Other limits for a time. */
  @Post(':kind/:id/overrides')
  @HttpCode(204)
  @ApiNoContentResponse()
  async order(
    @CurrentPerson() person: Person,
    @Param('kind', TEXT) kind: string,
    @Param('id', TEXT) id: string,
    @Body({ schema: overrideOrder }) order: OverrideOrder,
  ): Promise<void> {
    await this.quotas.order(person, subject(kind, id), order);
  }

  /** Before its time; what went before counts again. */
  @Delete(':kind/:id/overrides/:override')
  @HttpCode(204)
  @ApiNoContentResponse()
  async end(
    @CurrentPerson() person: Person,
    @Param('kind', TEXT) kind: string,
    @Param('id', TEXT) id: string,
    @Param('override', { schema: z.uuid() }) override: string,
  ): Promise<void> {
    return this.quotas.end(person, subject(kind, id), override);
  }
}
