import {
  auditPage,
  type AuditPage,
  historyQuery,
  type HistoryQuery,
  peoplePage,
  type PeoplePage,
  peopleQuery,
  type PeopleQuery,
  roleChange,
  type RoleChange,
  roleEnd,
  type RoleEnd,
  roleGrant,
  type RoleGrant,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Audit } from '../../audit/audit';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { notFound } from '../../http/api-error';
import { PeopleList } from './people-list';
import { PersonRoles } from './person-roles';

const ID = { schema: z.uuid() };

/** People with a login and their roles, for those who decide about them. */
@ApiTags('authorisation')
@Controller()
@Policy('decider')
export class PeopleController {
  constructor(
    private readonly people: PeopleList,
    private readonly roles: PersonRoles,
    private readonly audit: Audit,
  ) {}

  @Get('people')
  @ApiOkResponse({ standardSchema: peoplePage })
  page(@CurrentPerson() person: Person, @Query({ schema: peopleQuery }) query: PeopleQuery): Promise<PeoplePage> {
    return this.people.page(person, query);
  }

  /** What the audit says about that person, newest first. */
  @Get('people/:id/history')
  @ApiOkResponse({ standardSchema: auditPage })
  async history(
    @CurrentPerson() person: Person,
    @Param('id', ID) id: string,
    @Query({ schema: historyQuery }) query: HistoryQuery,
  ): Promise<AuditPage> {
    if (!(await this.people.sees(person, id))) throw notFound();
    return this.audit.page({ ...query, about: id });
  }

  @Post('people/:id/roles')
  @HttpCode(204)
  @ApiNoContentResponse()
  grant(
    @CurrentPerson() person: Person,
    @Param('id', ID) id: string,
    @Body({ schema: roleGrant }) grant: RoleGrant,
  ): Promise<void> {
    return this.roles.grant(person, id, grant);
  }

  /** Another end, and of STAFF other beamlines. */
  @Put('authorisations/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  change(
    @CurrentPerson() person: Person,
    @Param('id', ID) id: string,
    @Body({ schema: roleChange }) change: RoleChange,
  ): Promise<void> {
    return this.roles.change(person, id, change);
  }

  /** Takes a role back. */
  @Post('authorisations/:id/end')
  @HttpCode(204)
  @ApiNoContentResponse()
  end(
    @CurrentPerson() person: Person,
    @Param('id', ID) id: string,
    @Body({ schema: roleEnd }) { reason }: RoleEnd,
  ): Promise<void> {
    return this.roles.end(person, id, reason);
  }
}
