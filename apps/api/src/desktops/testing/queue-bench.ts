import { randomUUID } from 'node:crypto';
import { GpuLeases } from '../../gpus/gpu-leases';
import { allocationColumns } from '../../instances/allocation';
import type { InstanceEntity } from '../../instances/entities/instance.entity';
import { wantedWhenStopped } from '../../instances/instance-lifecycle';
import type { PlanSnapshot } from '../../instances/plan-snapshot';
import { QueuedRows } from '../../instances/queued-rows';
import { Bench, HOST, PLAN } from '../../instances/testing/bench';
import { HostEntity } from '../../site/entities/host.entity';
import type { SiteLoad } from '../../site/load-schema';
import type { Site } from '../../site/site';
import { HostRooms } from '../host-room';
import { LaunchQueue } from '../launch-queue';
import { QueueKeeper } from '../queue-keeper';

/** The queue on a real database: clicks as their transaction writes them, and as many keepers as a test wants. */
export class QueueBench {
  readonly load: SiteLoad = {
    ...{ whenFull: 'queue', queueMax: 100, queueMinutes: 60 },
    ...{ maxDesktops: null, maxCpuLoadPercent: null, maxCpuPressurePercent: null },
  };
  readonly queue: LaunchQueue;
  private readonly rooms: HostRooms;
  private readonly site: Pick<Site, 'load' | 'hosts'>;

  private constructor(readonly bench: Bench) {
    this.site = { load: this.load, hosts: [] };
    this.rooms = new HostRooms(bench.settings, this.site);
    this.queue = new LaunchQueue(this.rooms, this.site);
  }

  static async open(): Promise<QueueBench> {
    return new QueueBench(await Bench.open());
  }

  keeper(rows: Pick<QueuedRows, keyof QueuedRows> = new QueuedRows(this.bench.instances)): QueueKeeper {
    return new QueueKeeper(this.bench.dataSource, rows as QueuedRows, this.rooms, new GpuLeases(), this.site);
  }

  /** An empty site of hosts that just spoke. */
  async reset(hosts: Partial<HostEntity>[] = [{}]): Promise<void> {
    const { dataSource } = this.bench;
    await dataSource.query('TRUNCATE instance, instance_move, member, port_reservation, host_gpu CASCADE');
    await dataSource.query('DELETE FROM host');
    for (const host of hosts) {
      await dataSource.manager.insert(HostEntity, {
        ...{ id: HOST, memoryLimitMib: 0, diskReserveMib: 0, portFrom: 21_000, portTo: 21_999, memoryTotalMib: 65_536 },
        ...{ memoryAvailableMib: 65_536, diskAvailableMib: 1_000_000, observedAt: () => 'clock_timestamp()' },
        ...host,
      } as never);
    }
  }

  /** A new launch; its id. @throws ApiError as the click would */
  async click(plan: Partial<PlanSnapshot> = {}): Promise<string> {
    const { bench } = this;
    const id = randomUUID();
    const whole = { ...PLAN, ...plan };
    await bench.dataSource.transaction(async (manager) => {
      const placement = await this.queue.place(manager, { flavour: whole.flavour });
      const row = {
        ...{ id, installationId: bench.installation, ownerId: bench.owner, proposalKey: `demo:lab:${id}` },
        ...{ proposalName: 'A', proposalTitle: 'Rings', catalogue: 'demo', service: 'desktop', planId: whole.id },
        ...{ plan: whole, step: 'Waiting for the host', expiresAt: new Date(Date.now() + 3_600_000), ...placement },
        dataAccess: { shares: [], mounts: [], runAs: null, personName: 'Ada Okafor', timeZone: 'Europe/Paris' },
        ...allocationColumns(whole.needs),
      };
      await bench.instances.insert(manager, row, 'launched');
    });
    return id;
  }

  /** Open of a stopped one. */
  async open(id: string): Promise<void> {
    const row = await this.bench.row(id);
    await this.bench.dataSource.transaction(async (manager) => {
      const wish = { flavour: row.plan.flavour, only: row.allocStorageMib > 0 ? row.hostId : null, except: id };
      const placement = await this.queue.place(manager, wish);
      const set = { ...placement, wanted: 'RUNNING' as const, ...allocationColumns(row.plan.needs) };
      await this.bench.instances.moveWithin(manager, row, { to: 'REQUESTED', reason: 'opened', set });
    });
  }

  async stop(id: string): Promise<void> {
    await this.bench.instances.want(id, wantedWhenStopped(await this.bench.row(id)), 'stopped', ['RUNNING']);
  }

  /** What the host's worker would do in the end with one that was placed. */
  async end(id: string): Promise<void> {
    await this.bench.instances.move(await this.bench.row(id), { to: 'DELETING', reason: 'deleted' });
    await this.bench.instances.move(await this.bench.row(id), { to: 'DELETED', reason: 'machine-gone' });
  }

  /** Off with its disk kept, as the worker leaves it. */
  async stopped(id: string): Promise<void> {
    await this.bench.dataSource.query(
      `UPDATE instance SET state = 'STOPPED', wanted = 'STOPPED', built_at = now(), expires_at = NULL, alloc_machines = 0,
         alloc_vcpus = 0, alloc_memory_mib = 0 WHERE id = $1`,
      [id],
    );
  }

  async rows(): Promise<InstanceEntity[]> {
    const rows = await this.bench.dataSource.query<{ id: string }[]>('SELECT id FROM instance ORDER BY created_at, id');
    return Promise.all(rows.map(({ id }) => this.bench.row(id)));
  }

  /** Ids of those that wait, in the order of their turns. */
  async waiting(): Promise<string[]> {
    const waiting = (await this.rows()).filter(({ queuedAt }) => queuedAt !== null);
    return waiting.sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0)).map(({ id }) => id);
  }
}
