import {
  authorisationsPage,
  type AuthorisationsPage,
  authorisationsQuery,
  type AuthorisationsQuery,
} from '@beamdesk/contracts';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { AuthorisedPeople } from './authorised-people';

@ApiTags('authorisation')
@Controller('authorisations')
@Policy('admin')
export class AuthorisationsController {
  constructor(private readonly people: AuthorisedPeople) {}

  /** Who is let in: by what and whom, since when, until when. */
  @Get()
  @ApiOkResponse({ standardSchema: authorisationsPage })
  page(@Query({ schema: authorisationsQuery }) query: AuthorisationsQuery): Promise<AuthorisationsPage> {
    return this.people.page(query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  end(@CurrentPerson() person: Person, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.people.end(person, id);
  }
}
