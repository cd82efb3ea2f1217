import type { InstanceState, WantedState } from '@beamdesk/contracts';
import type { Protocol } from '@beamdesk/hypervisor';
import { NOTHING, RESOURCE_NAMES } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryPartialEntity } from 'typeorm';
import { allocationColumns } from './allocation';
import { notifyInstance } from './change-feed';
import { InstanceMoveEntity } from './entities/instance-move.entity';
import { InstanceEntity, type WantedReason } from './entities/instance.entity';
import { allocationIn, ForbiddenMove, mayMove } from './instance-lifecycle';
import { PortReservations } from './port-reservations';

export type InstanceColumns = Omit<QueryPartialEntity<InstanceEntity>, 'id' | 'state' | 'revision' | 'stateSince'>;

export interface Move {
  to: InstanceState;
  /** A stable word for the history. */
  reason: string;
  /** Whether the machine's disk still exists; decides what STOPPED and FAILED go on holding. */
  diskKept?: boolean;
  set?: InstanceColumns;
}

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
      `SELECT id FROM instance WHERE host_id = $1 AND state <> 'DELETED'
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

  /** The click's new row, in the click's transaction. */
  async insert(manager: EntityManager, row: InstanceColumns & { id: string }, reason: string): Promise<void> {
    await manager.insert(InstanceEntity, { ...row, state: 'REQUESTED' });
    await manager.insert(InstanceMoveEntity, { instanceId: row.id, fromState: null, toState: 'REQUESTED', reason });
    await notifyInstance(manager, row.id);
  }

  /** False: somebody moved it since `row` was read, nothing was written. */
  async move(row: InstanceEntity, move: Move): Promise<boolean> {
    return this.dataSource.transaction((manager) => this.moveWithin(manager, row, move));
  }

  async moveWithin(manager: EntityManager, row: InstanceEntity, { to, reason, diskKept, set }: Move): Promise<boolean> {
    if (!mayMove(row.state, to)) throw new ForbiddenMove(row.state, to);
    const held = allocationIn(to, row.plan.needs, diskKept ?? false);
    const holdsNothing = held !== undefined && RESOURCE_NAMES.every((name) => held[name] === NOTHING[name]);
    const { affected } = await manager
      .createQueryBuilder()
      .update(InstanceEntity)
      .set({
        ...(held && allocationColumns(held)),
        // A new launch decides anew how it comes up.
        ...(to === 'REQUESTED' && { launchPath: null, launchColdReason: null }),
        ...(holdsNothing && { consolePort: null, consoleProtocol: null, consoleSecret: null }),
        ...set,
        state: to,
        revision: row.revision + 1,
        stateSince: () => 'clock_timestamp()',
      })
      .where('id = :id AND state = :state AND revision = :revision', row)
      .execute();
    if (affected !== 1) return false;
    if (holdsNothing) await this.ports.release(manager, row.id);
    await manager.insert(InstanceMoveEntity, { instanceId: row.id, fromState: row.state, toState: to, reason });
    await notifyInstance(manager, row.id);
    return true;
  }

  /** REQUESTED → BUILDING: reserves the console port and stores the sealed secret before anything is made. */
  claim(row: InstanceEntity, grant: ConsoleGrant, step: string): Promise<'claimed' | 'moved' | 'no-port'> {
    return this.dataSource.transaction(async (manager) => {
      const current = await manager.findOne(InstanceEntity, {
        where: { id: row.id, state: row.state, revision: row.revision },
        lock: { mode: 'pessimistic_write' },
      });
      if (!current) return 'moved';
      const port = await this.ports.reserve(manager, row.hostId, row.id);
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
      const port = await this.ports.takeNext(manager, row.hostId, row.id);
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

  /** What people (or expiry, the guest's power-off, the membership check) want; moves nothing. */
  async want(id: string, wanted: WantedState, reason: WantedReason, onlyIf: WantedState[]): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(InstanceEntity)
        .set({ wanted, wantedReason: reason })
        .where(`id = :id AND state <> 'DELETED' AND wanted IN (:...onlyIf)`, { id, onlyIf })
        .execute();
      if (affected === 1) await notifyInstance(manager, id);
      return affected === 1;
    });
  }

  /** Remarks that move nothing (step, notice, observation); told to the pages unless `quiet`. */
  async note(row: InstanceEntity, set: InstanceColumns, quiet = false): Promise<void> {
    await this.dataSource.transaction((manager) => this.updateIfUnmoved(manager, row, set, !quiet));
  }

  private async updateIfUnmoved(
    manager: EntityManager,
    row: InstanceEntity,
    set: InstanceColumns,
    tell = true,
  ): Promise<boolean> {
    const { affected } = await manager
      .createQueryBuilder()
      .update(InstanceEntity)
      .set(set)
      .where('id = :id AND state = :state AND revision = :revision', row)
      .execute();
    if (affected === 1 && tell) await notifyInstance(manager, row.id);
    return affected === 1;
  }
}
