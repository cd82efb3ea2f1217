import { softwarePage, type SoftwarePage, softwareQuery, type SoftwareQuery } from '@beamdesk/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { Software } from './software';

@ApiTags('plans')
@Controller('software')
@Policy('accepted')
export class SoftwareController {
  constructor(private readonly software: Software) {}

  @Get()
  @ApiOkResponse({ standardSchema: softwarePage })
  find(@CurrentPerson() person: Person, @Query({ schema: softwareQuery }) { q }: SoftwareQuery): Promise<SoftwarePage> {
    return this.software.find(person, q);
  }
}
