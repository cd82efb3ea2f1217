import { INSTANCE_STATES } from '../instances/instance-lifecycle';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { InstanceSettings } from '../instances/instance-settings';
import { LIVE_SESSION } from '../sessions/desktop-sessions.repository';
import { HOSTS, type HostRow, hostGauges } from './host-gauges';

interface Counted {
  name: string;
  n: number;
}

const COUNTS = `
  SELECT 'instances ' || state AS name, count(*)::int AS n FROM instance WHERE state <> 'DELETED' GROUP BY state
  UNION ALL SELECT 'queue', count(*)::int FROM instance WHERE queued_at IS NOT NULL AND state = 'REQUESTED'
  UNION ALL SELECT 'waited', coalesce(extract(epoch FROM clock_timestamp() - min(queued_at)), 0)::int
    FROM instance WHERE queued_at IS NOT NULL AND state = 'REQUESTED'
  UNION ALL SELECT 'idle', count(*)::int FROM instance WHERE idle_stop_at IS NOT NULL AND state = 'READY'
  UNION ALL SELECT 'sessions', count(*)::int FROM desktop_session WHERE ${LIVE_SESSION}
  UNION ALL SELECT 'templates ' || state, count(*)::int FROM template GROUP BY state
  UNION ALL SELECT 'mails ' || state, count(*)::int FROM mail GROUP BY state`;

const STATES: Record<string, readonly string[]> = {
  instances: INSTANCE_STATES.filter((state) => state !== 'DELETED'),
  templates: ['waiting', 'building', 'ready', 'set-aside', 'impossible'],
  mails: ['WAITING', 'SENT', 'GIVEN_UP'],
};

const HELP: Record<string, string> = {
  instances: 'Desktops on record, by state.',
  templates: 'Templates of all hosts, by state.',
  mails: 'Mails on record, by state.',
};

/** What the tables say of the whole site; every process of it says the same. */
@Injectable()
export class SiteFigures {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: InstanceSettings,
  ) {}

  /** In the text format of Prometheus; `beamdesk_database_up 0` alone where the database does not answer. */
  async text(): Promise<string> {
    const registry = new Registry();
    const gauge = (name: string, help: string, value: number) =>
      new Gauge({ name: `beamdesk_${name}`, help, registers: [registry] }).set(value);
    const read = await this.read().catch(() => null);
    gauge('database_up', '1 while the database answers this process.', read ? 1 : 0);
    this.pool(registry);
    if (!read) return registry.metrics();
    const counts = new Map(read.counts.map(({ name, n }) => [name, n]));
    for (const [what, states] of Object.entries(STATES)) {
      const labelled = { name: `beamdesk_${what}`, help: HELP[what] ?? what, labelNames: ['state'], registers: [registry] };
      const of = new Gauge(labelled);
      for (const state of states) of.set({ state }, counts.get(`${what} ${state}`) ?? 0);
    }
    gauge('queue_length', 'Launches that wait for a host.', counts.get('queue') ?? 0);
    gauge('queue_oldest_seconds', 'How long the first of them has waited; 0: none.', counts.get('waited') ?? 0);
    gauge('idle_desktops', 'Desktops that are about to stop because nobody uses them.', counts.get('idle') ?? 0);
    gauge('sessions', 'Sessions that are open.', counts.get('sessions') ?? 0);
    hostGauges(registry, read.hosts);
    return registry.metrics();
  }

  private async read(): Promise<{ counts: Counted[]; hosts: HostRow[] }> {
    const [counts, hosts] = await Promise.all([
      this.dataSource.query<Counted[]>(COUNTS),
      this.dataSource.query<HostRow[]>(HOSTS, [this.settings.hostSilentMs / 1000]),
    ]);
    return { counts, hosts };
  }

  private pool(registry: Registry): void {
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    if (!master) return;
    const connections = new Gauge({
      name: 'beamdesk_database_pool',
      help: 'Connections of this process to the database: in use, idle, and requests that wait for one.',
      labelNames: ['state'],
      registers: [registry],
    });
    connections.set({ state: 'used' }, master.totalCount - master.idleCount);
    connections.set({ state: 'idle' }, master.idleCount);
    connections.set({ state: 'waiting' }, master.waitingCount);
  }
}

/** Of node-postgres. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}
