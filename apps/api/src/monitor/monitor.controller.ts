import {
  desktopAction,
  type DesktopAction,
  type DesktopActionResults,
  desktopActionResults,
  desktopsCsvQuery,
  type DesktopsCsvQuery,
  monitoredDesktops,
  type MonitoredDesktops,
  monitoredDesktopsQuery,
  type MonitoredDesktopsQuery,
  monitoredHosts,
  type MonitoredHosts,
  monitoredSessions,
  type MonitoredSessions,
  monitoredSessionsQuery,
  type MonitoredSessionsQuery,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { csvOf, sendLines } from './csv';
import { DesktopActions } from './desktop-actions';
import { DESKTOP_CELLS, DESKTOP_HEAD } from './desktops-file';
import { DesktopMonitor } from './desktop-monitor';
import { HostMonitor } from './host-monitor';

const host = { schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be the name of a host') };

/** Hosts, desktops and sessions of the whole site, and what staff do with them. */
@ApiTags('monitor')
@Controller('monitor')
@Policy('staff')
export class MonitorController {
  constructor(
    private readonly hosts: HostMonitor,
    private readonly desktops: DesktopMonitor,
    private readonly actions: DesktopActions,
  ) {}

  @Get('hosts')
  @ApiOkResponse({ standardSchema: monitoredHosts })
  hostList(): Promise<MonitoredHosts> {
    return this.hosts.list();
  }

  /** No new launches go there; what runs there goes on. */
  @Post('hosts/:id/drain')
  @Policy('admin')
  @HttpCode(204)
  @ApiNoContentResponse()
  drain(@CurrentPerson() person: Person, @Param('id', host) id: string): Promise<void> {
    return this.hosts.drain(person, id, true);
  }

  @Post('hosts/:id/undrain')
  @Policy('admin')
  @HttpCode(204)
  @ApiNoContentResponse()
  undrain(@CurrentPerson() person: Person, @Param('id', host) id: string): Promise<void> {
    return this.hosts.drain(person, id, false);
  }

  @Get('desktops')
  @ApiOkResponse({ standardSchema: monitoredDesktops })
  page(
    @CurrentPerson() person: Person,
    @Query({ schema: monitoredDesktopsQuery }) query: MonitoredDesktopsQuery,
  ): Promise<MonitoredDesktops> {
    return this.desktops.page(person, query);
  }

  @Get('desktops.csv')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async file(
    @CurrentPerson() person: Person,
    @Query({ schema: desktopsCsvQuery }) query: DesktopsCsvQuery,
    @Res() response: Response,
  ): Promise<void> {
    const lines = csvOf(DESKTOP_HEAD, this.desktops.all(person, query), DESKTOP_CELLS);
    await sendLines(response, { name: 'desktops.csv', type: 'text/csv' }, lines);
  }

  /** Stop, extend or write to; each id is decided and done for itself. */
  @Post('desktops/actions')
  @Policy('decider')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: desktopActionResults })
  act(
    @CurrentPerson() person: Person,
    @Body({ schema: desktopAction }) action: DesktopAction,
  ): Promise<DesktopActionResults> {
    return this.actions.act(person, action);
  }

  @Get('sessions')
  @ApiOkResponse({ standardSchema: monitoredSessions })
  sessions(
    @CurrentPerson() person: Person,
    @Query({ schema: monitoredSessionsQuery }) query: MonitoredSessionsQuery,
  ): Promise<MonitoredSessions> {
    return this.desktops.sessions(person, query);
  }
}
