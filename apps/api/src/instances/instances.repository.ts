import type { InstanceState, WantedState } from '@beamdesk/contracts';
import type { Protocol } from '@beamdesk/hypervisor';
import { NOTHING, RESOURCE_NAMES } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryPartialEntity } from 'typeorm';
import { writeAudit } from '../audit/write-audit';
import { END_LEASES } from '../gpus/gpu-leases';
import { allocationColumns } from './allocation';
import { InstanceEntity, type WantedReason } from './entities/instance.entity';
import { allocationIn, ForbiddenMove, mayMove } from './instance-lifecycle';
import { PortReservations } from './port-reservations';
import { tell, updateOf } from './told-change';

export type InstanceColumns = Omit<QueryPartialEntity<InstanceEntity>, 'id' | 'state' | 'revision' | 'stateSince'>;

export type NewInstance = Omit<InstanceColumns, 'ownerId'> & { id: string; ownerId: string };

/** The row as it was read, and its host: ports of a host are given out by one at a time. */
const LOCK_WITH_HOST = `
  WITH current AS
    (SELECT host_id FROM instance WHERE id = $1 AND state = $2 AND revision = $3 FOR UPDATE)
  SELECT host.id FROM host JOIN current ON current.host_id = host.id FOR NO KEY UPDATE OF host`;

/** What `changed` gives back: all that a period of its allocation needs. */
const CHANGED = `id, owner_id, proposal_key, proposal_name, beamline_id, plan_id, plan_snapshot, alloc_machines,
  alloc_vcpus, alloc_memory_mib, alloc_storage_mib, alloc_gpus`;

/** A period of what `changed` holds now, unless that is nothing. */
const openPeriod = (from: string) => `
  INSERT INTO allocation_period (instance_id, owner_id, proposal_key, proposal_name, beamline_id, image_id, plan_id,
    machines, vcpus, memory_mib, storage_mib, gpus, from_at)
  SELECT id, owner_id, proposal_key, proposal_name, beamline_id, plan_snapshot ->> 'imageId', plan_id,
    alloc_machines, alloc_vcpus, alloc_memory_mib, alloc_storage_mib, alloc_gpus, ${from}
  FROM changed WHERE alloc_machines + alloc_vcpus + alloc_memory_mib + alloc_storage_mib + alloc_gpus > 0`;

const CLOSE_PERIOD = `
  UPDATE allocation_period SET to_at = greatest(from_at, clock_timestamp())
  WHERE to_at IS NULL AND instance_id IN (SELECT id FROM changed) RETURNING to_at`;

/** Reads what was closed, so that it surely comes after it: an instance has one open period at most. */
const NEXT_PERIOD = openPeriod('coalesce((SELECT max(to_at) FROM closed), clock_timestamp())');

export interface Move {
  to: InstanceState;
  /** A stable word for the history. */
  reason: string;
  /** Whether the machine's disk still exists; decides what STOPPED and FAILED go on holding. */
  diskKept?: boolean;
  set?: InstanceColumns;
}

/** Who asks for an end, for the audit; `why` in their words. Actor null: the portal. */
export interface Asker {
  actorId: string | null;
  why?: string;
}
const THE_PORTAL: Asker = { actorId: null };

/** What a claim gives the machine; the secret is sealed. */
export interface ConsoleGrant {
  protocol: Protocol;
  secret: Buffer;
  /** Of the image the disk lies on. */
  imageSha256: string | null;
}

/**
 * The only writer of instance rows. Every change is one transaction that also tells the change feed; state moves only by
 * compare-and-set, with its row of history and what it does to the allocation and the port in the same transaction.
 */
@Injectable()
export class InstancesRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ports: PortReservations,
  ) {}

  find(id: string, manager: EntityManager = this.dataSource.manager): Promise<InstanceEntity | null> {
    return manager.findOneBy(InstanceEntity, { id });
  }

  /** The one live instance of this person, proposal and service; locked until the transaction ends. */
  lockLive(
    manager: EntityManager,
    ownerId: string,
    proposalKey: string,
    service: string,
  ): Promise<InstanceEntity | null> {
    return manager
      .createQueryBuilder(InstanceEntity, 'i')
      .where('i.ownerId = :ownerId AND i.proposalKey = :proposalKey AND i.service = :service', {
        ownerId,
        proposalKey,
        service,
      })
      .andWhere(`i.state <> 'DELETED'`)
      .setLock('pessimistic_write')
      .getOne();
  }

  /** Where the reconciler of this host has something to look at. */
  async toReconcile(hostId: string): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT id FROM instance WHERE host_id = $1 AND state <> 'DELETED' AND queued_at IS NULL
         AND (state NOT IN ('STOPPED', 'FAILED') OR wanted = 'DELETED')
       ORDER BY state_since`,
      [hostId],
    );
    return rows.map(({ id }) => id);
  }

  /** The sealed console password; read by the reconciler and by whoever redeems a ticket, by nobody else. */
  async sealedSecret(id: string): Promise<Buffer | null> {
    const rows: { console_secret: Buffer | null }[] = await this.dataSource.query(
      'SELECT console_secret FROM instance WHERE id = $1',
      [id],
    );
    return rows[0]?.console_secret ?? null;
  }

  /** The click's new row with its owner's membership, in the click's transaction. */
  async insert(manager: EntityManager, row: NewInstance, reason: string): Promise<void> {
    const made = manager
      .createQueryBuilder()
      .insert()
      .into(InstanceEntity)
      .values({ ...row, state: 'REQUESTED' })
      .returning(CHANGED);
    await tell(manager, made, {
      moved: [
        `INSERT INTO instance_move (instance_id, to_state, reason) SELECT id, 'REQUESTED', ? FROM changed`,
        reason,
      ],
      period: [openPeriod('clock_timestamp()')],
      owner: [`INSERT INTO member (instance_id, user_id, role) SELECT id, ?::uuid, 'OWNER' FROM changed`, row.ownerId],
    });
  }

  /** False: somebody moved it since `row` was read, nothing was written. */
  move(row: InstanceEntity, move: Move): Promise<boolean> {
    return this.moveWithin(this.dataSource.manager, row, move);
  }

  /** One statement, so one transaction of its own where the manager has none. */
  async moveWithin(manager: EntityManager, row: InstanceEntity, { to, reason, diskKept, set }: Move): Promise<boolean> {
    if (!mayMove(row.state, to)) throw new ForbiddenMove(row.state, to);
    const held = allocationIn(to, row.plan.needs, diskKept ?? false);
    const holdsNothing = held !== undefined && RESOURCE_NAMES.every((name) => held[name] === NOTHING[name]);
    const changed = updateOf(manager, row, {
      ...(held && allocationColumns(held)),
      // A new launch decides anew how it comes up.
      idleStopAt: null,
      ...(to === 'REQUESTED' && { launchPath: null, launchColdReason: null, extensionsUsed: 0 }),
      ...(holdsNothing && { consolePort: null, consoleProtocol: null, consoleSecret: null }),
      ...set,
      state: to,
      revision: row.revision + 1,
      stateSince: () => 'clock_timestamp()',
    }).returning(CHANGED);
    return tell(manager, changed, {
      moved: [
        'INSERT INTO instance_move (instance_id, from_state, to_state, reason) SELECT id, ?, ?, ? FROM changed',
        ...[row.state, to, reason],
      ],
      ...(held && { closed: [CLOSE_PERIOD], period: [NEXT_PERIOD] }),
      ...(held?.gpus === 0 && { ungiven: [END_LEASES] }),
      ...(holdsNothing && {
        freed: ['DELETE FROM port_reservation WHERE instance_id IN (SELECT id FROM changed)'],
      }),
    });
  }

  /** REQUESTED → BUILDING: reserves the console port and stores the sealed secret before anything is made. */
  claim(row: InstanceEntity, grant: ConsoleGrant, step: string): Promise<'claimed' | 'moved' | 'no-port'> {
    return this.dataSource.transaction(async (manager) => {
      const current: unknown[] = await manager.query(LOCK_WITH_HOST, [row.id, row.state, row.revision]);
      if (current.length === 0) return 'moved';
      // The lock found a row with its host, so it has one.
      const port = row.hostId === null ? null : await this.ports.reserve(manager, row.hostId, row.id);
      if (port === null) return 'no-port';
      const { protocol: consoleProtocol, secret: consoleSecret, imageSha256 } = grant;
      const set = { step, consoleProtocol, consolePort: port, consoleSecret, imageSha256 };
      await this.moveWithin(manager, row, { to: 'BUILDING', reason: 'claimed', set });
      return 'claimed';
    });
  }

  /** In BUILDING: another port, because some other program listens on the reserved one. Null: the range is used up. */
  takeNextPort(row: InstanceEntity): Promise<number | null> {
    return this.dataSource.transaction(async (manager) => {
      const port = row.hostId === null ? null : await this.ports.takeNext(manager, row.hostId, row.id);
      if (port !== null) await this.updateIfUnmoved(manager, row, { consolePort: port }, false);
      return port;
    });
  }

  /** Decides that it fails; FAILED follows once the machine is confirmed absent. The first reason stays. */
  async beginFailure(row: InstanceEntity, code: string, message: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const current = await this.find(row.id, manager);
      if (current?.failureCode !== null) return;
      await this.updateIfUnmoved(manager, row, { failureCode: code, failureMessage: message, step: 'Cleaning up' });
    });
  }

  /** What people (or expiry, the guest's power-off, the membership check) want; moves nothing. `and`: further condition (SQL, no values). */
  want(
    id: string,
    wanted: WantedState,
    reason: WantedReason,
    onlyIf: WantedState[],
    and = 'true',
    by = THE_PORTAL,
  ): Promise<boolean> {
    return this.dataSource.transaction((manager) => this.wantWithin(manager, id, wanted, reason, onlyIf, { and, by }));
  }

  /** The same, with its entry in the audit, in the transaction of whoever asks. */
  async wantWithin(
    manager: EntityManager,
    id: string,
    wanted: WantedState,
    reason: WantedReason,
    onlyIf: WantedState[],
    { and = 'true', by = THE_PORTAL }: { and?: string; by?: Asker } = {},
  ): Promise<boolean> {
    const changed = manager
      .createQueryBuilder()
      .update(InstanceEntity)
      .set({ wanted, wantedReason: reason })
      .where(`id = :id AND state <> 'DELETED' AND wanted IN (:...onlyIf) AND ${and}`, { id, onlyIf })
      .returning('id');
    if (!(await tell(manager, changed))) return false;
    const row = await this.find(id, manager);
    // What the portal makes of an earlier wish is told already.
    if (!row || !onlyIf.includes('RUNNING')) return true;
    await writeAudit(manager, {
      kind: reason === 'deleted' ? 'desktop-deleted' : 'desktop-stopped',
      actorId: by.actorId,
      subjectId: row.ownerId,
      details: { desktop: id, proposal: row.proposalName, by: reason, ...(by.why !== undefined && { reason: by.why }) },
    });
    return true;
  }

  /** Somebody uses it; ends the warning that it stops for want of use. False: it does not run, or stops already. */
  used(id: string): Promise<boolean> {
    const { manager } = this.dataSource;
    const changed = manager
      .createQueryBuilder()
      .update(InstanceEntity)
      .set({ lastBusyAt: () => 'clock_timestamp()', idleStopAt: null })
      .where(`id = :id AND wanted = 'RUNNING' AND state IN ('STARTING', 'READY')`, { id })
      .returning('id');
    return tell(manager, changed);
  }

  /** Remarks that move nothing (step, notice, observation); told to the pages unless `quiet`. */
  async note(row: InstanceEntity, set: InstanceColumns, quiet = false): Promise<void> {
    await this.updateIfUnmoved(this.dataSource.manager, row, set, !quiet);
  }

  private async updateIfUnmoved(
    manager: EntityManager,
    row: InstanceEntity,
    set: InstanceColumns,
    loud = true,
  ): Promise<boolean> {
    const changed = updateOf(manager, row, set);
    return loud ? tell(manager, changed) : (await changed.execute()).affected === 1;
  }
}
