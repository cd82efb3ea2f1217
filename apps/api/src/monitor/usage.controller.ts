import { usageQuery, type UsageQuery, usageView, type UsageView } from '@beamdesk/contracts';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { type Cell, csvOf, sendLines } from './csv';
import { Usage, type UsageLine } from './usage';

const HEAD = ['begins', 'key', 'name', 'vCPU-hours', 'GPU-hours', 'desktops', 'people'] as const;
const hours = (value: number): number => Math.round(value * 1000) / 1000;
const CELLS = ({ begins, key, name, vcpuHours, gpuHours, desktops, people }: UsageLine): Cell[] => [
  ...[begins, key, name, hours(vcpuHours), hours(gpuHours), desktops, people],
];

/** What desktops held over time, of the beamlines of whom asks. */
@ApiTags('monitor')
@Controller('monitor')
@Policy('staff')
export class UsageController {
  constructor(private readonly usage: Usage) {}

  @Get('usage')
  @ApiOkResponse({ standardSchema: usageView })
  view(@CurrentPerson() person: Person, @Query({ schema: usageQuery }) query: UsageQuery): Promise<UsageView> {
    return this.usage.view(person, query);
  }

  @Get('usage.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async file(
    @CurrentPerson() person: Person,
    @Query({ schema: usageQuery }) query: UsageQuery,
    @Res() response: Response,
  ): Promise<void> {
    const name = `usage-by-${query.by}.csv`;
    await sendLines(response, { name, type: 'text/csv' }, csvOf(HEAD, this.usage.lines(person, query), CELLS));
  }
}
