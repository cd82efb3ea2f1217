import { randomBytes, randomUUID } from 'node:crypto';
import type { Hypervisor, Machine } from '@beamdesk/hypervisor';
import { NO_LIMITS } from '@beamdesk/quota';
import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { createTestDataSource } from '../../../test/postgres/test-database';
import { AuthorisationEntity } from '../../auth/entities/authorisation.entity';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import { ImageUnusable } from '../../images/images';
import { LaunchTimes } from '../../launches/launch-times';
import { Standings } from '../../quotas/standings';
import { HostEntity } from '../../site/entities/host.entity';
import type { Site } from '../../site/site';
import { allocationColumns } from '../allocation';
import { ConsoleSecrets } from '../console-secrets';
import { InstanceMoveEntity } from '../entities/instance-move.entity';
import { InstanceEntity } from '../entities/instance.entity';
import { InstanceReconciler } from '../instance-reconciler';
import { DEFAULT_INSTANCE_SETTINGS, type InstanceSettings } from '../instance-settings';
import { installationOf } from '../installation';
import { type InstanceColumns, InstancesRepository, type NewInstance } from '../instances.repository';
import type { PlanSnapshot } from '../plan-snapshot';
import { PortReservations } from '../port-reservations';
import { MachineSpecs } from '../reconciler/machine-specs';

export const HOST = 'local';

export const PLAN: PlanSnapshot = {
  id: 'tiny',
  name: 'Tiny',
  description: 'For tests',
  imageId: 'tiny',
  flavour: { vcpus: 1, memoryMib: 512, diskMib: 1024 },
  needs: { machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 },
  lifetimeMinutes: 60,
  keepsDisk: false,
  keyboard: null,
  bootScript: null,
};

/** Roles' limits are what a spec puts into the table. */
export const QUOTAS: Site['quotas'] = {
  roles: { USER: NO_LIMITS, STAFF: NO_LIMITS, SUPPORT: NO_LIMITS, ADMIN: NO_LIMITS },
  ...{ proposal: NO_LIMITS, beamline: NO_LIMITS, site: NO_LIMITS, periodDays: 30 },
};

/** Every image is there. */
export const IMAGES = {
  machineImage: async (id: string) => ({
    image: { id, disk: `/images/${id}/disk.qcow2`, boot: { kind: 'disk' as const }, agent: true, sha256: null, keymap: null },
    protocol: 'vnc' as const,
  }),
};

/** No image is there. */
export const NO_IMAGES = {
  machineImage: async (id: string): Promise<never> => {
    throw new ImageUnusable(id, 'told to be missing');
  },
};

/** A database with a host and a person, and instances in it as the click would write them. */
export class Bench {
  readonly secrets = new ConsoleSecrets(randomBytes(32));
  /** Change it for a test; every reconciler of the bench goes by it. */
  readonly settings: { -readonly [K in keyof InstanceSettings]: InstanceSettings[K] } = {
    ...DEFAULT_INSTANCE_SETTINGS,
  };

  readonly launches: LaunchTimes;
  readonly standings: Standings;

  private constructor(
    readonly dataSource: DataSource,
    readonly instances: InstancesRepository,
    readonly owner: string,
    readonly installation: string,
    readonly close: () => Promise<void>,
  ) {
    this.launches = new LaunchTimes(dataSource);
    this.standings = new Standings(dataSource, { quotas: QUOTAS });
  }

  static async open({ ports = 100 } = {}): Promise<Bench> {
    // Every move is said, thousands of them in a storm.
    Logger.overrideLogger(['warn', 'error', 'fatal']);
    const { dataSource, close } = await createTestDataSource();
    const { manager } = dataSource;
    const host = { id: HOST, memoryLimitMib: 0, diskReserveMib: 0, portFrom: 21_000, portTo: 21_000 + ports - 1 };
    await manager.insert(HostEntity, host);
    const owner = await manager.save(manager.create(UserAccountEntity, { name: 'Ada Okafor', email: null }));
    await manager.insert(AuthorisationEntity, { userId: owner.id, role: 'USER', grantedBy: 'test', reason: 'test' });
    const instances = new InstancesRepository(dataSource, new PortReservations());
    return new Bench(dataSource, instances, owner.id, await installationOf(dataSource), close);
  }

  reconciler(
    hypervisor: Hypervisor,
    images: ConstructorParameters<typeof MachineSpecs>[0] = IMAGES,
  ): InstanceReconciler {
    const specs = new MachineSpecs(images);
    return new InstanceReconciler(this.instances, hypervisor, specs, this.secrets, this.settings, this.launches);
  }

  /** A new REQUESTED instance of its own proposal. */
  async request(
    given: {
      plan?: Partial<PlanSnapshot>;
      set?: Omit<InstanceColumns, 'ownerId'> & { ownerId?: string };
      manager?: EntityManager;
    } = {},
  ): Promise<string> {
    const id = randomUUID();
    const plan = { ...PLAN, ...given.plan };
    const row: NewInstance = {
      id,
      installationId: this.installation,
      ownerId: this.owner,
      proposalKey: `demo:lab:${id}`,
      proposalName: '2026/0301 A',
      proposalTitle: 'Rings',
      catalogue: 'demo',
      service: 'desktop',
      planId: plan.id,
      plan,
      dataAccess: { shares: [], mounts: [], runAs: null, personName: 'Ada Okafor', timeZone: 'Europe/Paris' },
      hostId: HOST,
      expiresAt: new Date(Date.now() + 3_600_000),
      ...allocationColumns(plan.needs),
      ...given.set,
    };
    await this.instances.insert(given.manager ?? this.dataSource.manager, row, 'launched');
    return id;
  }

  /** What a click does to a STOPPED or FAILED one, without its decisions. */
  async again(id: string): Promise<boolean> {
    const row = await this.row(id);
    if (row.wanted === 'DELETED' || (row.state !== 'STOPPED' && row.state !== 'FAILED')) return false;
    return this.instances.move(row, {
      to: 'REQUESTED',
      reason: 'opened',
      set: {
        wanted: 'RUNNING',
        failureCode: null,
        failureMessage: null,
        launchedAt: () => 'clock_timestamp()',
        ...allocationColumns(row.plan.needs),
      },
    });
  }

  async row(id: string): Promise<InstanceEntity> {
    const row = await this.instances.find(id);
    if (!row) throw new Error(`no instance ${id}`);
    return row;
  }

  async states(id: string): Promise<string[]> {
    const moves = await this.dataSource.manager.find(InstanceMoveEntity, {
      where: { instanceId: id },
      order: { id: 'ASC' },
    });
    return moves.map(({ toState }) => toState);
  }

  async ports(): Promise<{ instance_id: string; port: number }[]> {
    return this.dataSource.query('SELECT instance_id, port FROM port_reservation ORDER BY port');
  }

  /**
   * What must hold whenever nothing is under way: every row, machine, port and allocation tell the same story. Returns the
   * contradictions found.
   */
  async contradictions(machines: Machine[]): Promise<string[]> {
    const rows = await this.dataSource.manager.find(InstanceEntity);
    const ports = new Map((await this.ports()).map((held) => [held.instance_id, held.port]));
    const wrong: string[] = [];
    const say = (row: { id: string; state: string }, what: string) => wrong.push(`${row.id} ${row.state}: ${what}`);
    for (const row of rows) {
      const machine = machines.find(({ id }) => id === row.id);
      const running = ['STARTING', 'READY'].includes(row.state);
      const atRest = ['STOPPED', 'FAILED'].includes(row.state);
      if (running && machine?.phase !== 'on') say(row, `machine is ${machine?.phase ?? 'absent'}`);
      if (row.state === 'DELETED' && machine) say(row, 'machine is still there');
      if (atRest && machine?.phase === 'on') say(row, 'machine runs');
      const storage = atRest ? (machine ? row.plan.needs.storageMib : 0) : row.plan.needs.storageMib;
      const held = row.state === 'DELETED' ? [0, 0] : [atRest ? 0 : 1, storage];
      if (row.allocMachines !== held[0] || row.allocStorageMib !== held[1]) {
        say(row, `holds ${row.allocMachines} machines and ${row.allocStorageMib} MiB`);
      }
      const port = ports.get(row.id) ?? null;
      if ((machine !== undefined) !== (port !== null))
        say(row, `port ${port} with machine ${machine?.phase ?? 'absent'}`);
      if (port !== row.consolePort) say(row, `port ${row.consolePort} in the row, ${port} reserved`);
      if (machine && machine.endpoints[0]?.port !== port) say(row, `machine listens on ${machine.endpoints[0]?.port}`);
    }
    const known = new Set(rows.map(({ id }) => id));
    machines.filter(({ id }) => !known.has(id)).forEach(({ id }) => wrong.push(`machine ${id} has no row`));
    return wrong;
  }
}

export const NO_FENCE = new AbortController().signal;
