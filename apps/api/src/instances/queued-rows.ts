import type { QueueReason } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InstanceEntity } from './entities/instance.entity';
import { type InstanceColumns, InstancesRepository } from './instances.repository';
import { tell, updateOf } from './told-change';

/** Of a row that does not wait (any more). */
export const NOT_QUEUED = { queuedAt: null, queuePosition: null, queueReason: null } as const;

const NOW = () => 'clock_timestamp()';

/** What concerns nobody but the queue: launches that wait, and records without a host whose time is over. */
const CONCERNED = `(i.queuedAt IS NOT NULL AND i.state = 'REQUESTED')
  OR (i.hostId IS NULL AND i.state <> 'DELETED' AND (i.wanted = 'DELETED' OR i.expiresAt <= clock_timestamp()))`;

/** What the queue's keeper reads and writes of instances; all of it in the keeper's transaction. */
@Injectable()
export class QueuedRows {
  constructor(private readonly instances: InstancesRepository) {}

  /** First come first; locked until the transaction ends. */
  async concerned(manager: EntityManager): Promise<InstanceEntity[]> {
    return manager
      .createQueryBuilder(InstanceEntity, 'i')
      .where(CONCERNED)
      .orderBy('i.queuedAt', 'ASC', 'NULLS LAST')
      .addOrderBy('i.id')
      .setLock('for_no_key_update')
      .getMany();
  }

  /** Whether there is anything to do for the keeper; cheap. */
  async any(manager: EntityManager): Promise<boolean> {
    return manager.createQueryBuilder(InstanceEntity, 'i').where(CONCERNED).getExists();
  }

  /**
   * Whom an announced maintenance holds back, as it does who clicks: everybody but administrators, who see whether it works again.
   */
  async heldBack(manager: EntityManager): Promise<(row: InstanceEntity) => boolean> {
    const [now] = await manager.query<{ admins: string[] }[]>(
      `SELECT ARRAY(SELECT user_id::text FROM authorisation
           WHERE role = 'ADMIN' AND (expires_at IS NULL OR expires_at > now())) AS admins
       FROM announcement WHERE kind = 'maintenance' AND ended_at IS NULL AND starts_at <= now()
         AND (ends_at IS NULL OR ends_at > now()) LIMIT 1`,
    );
    return ({ ownerId }) => now !== undefined && !now.admins.includes(ownerId);
  }

  /** Gives it its host: its launch and its life begin now. */
  async place(manager: EntityManager, row: InstanceEntity, hostId: string): Promise<boolean> {
    const placed = updateOf(manager, row, {
      ...NOT_QUEUED,
      hostId,
      step: 'Waiting for the host',
      launchedAt: NOW,
      stateSince: NOW,
      expiresAt: () => `clock_timestamp() + make_interval(mins => ${Math.floor(row.plan.lifetimeMinutes)})`,
    });
    return tell(manager, placed, {
      moved: [
        `INSERT INTO instance_move (instance_id, from_state, to_state, reason)
         SELECT id, 'REQUESTED', 'REQUESTED', 'placed' FROM changed`,
      ],
      // What it held while it waited was of no use to anybody: its hours begin now.
      period: [
        `UPDATE allocation_period SET from_at = greatest(from_at, clock_timestamp())
         WHERE to_at IS NULL AND instance_id IN (SELECT id FROM changed)`,
      ],
    });
  }

  /** Its turn as it is now; told to the pages. */
  async turn(manager: EntityManager, row: InstanceEntity, position: number, reason: QueueReason, step: string) {
    const same = row.queuePosition === position && row.queueReason === reason && row.step === step;
    if (same) return;
    await tell(manager, updateOf(manager, row, { queuePosition: position, queueReason: reason, step }));
  }

  /** Waited too long: what it holds ends, a kept disk apart. */
  async timeOut(manager: EntityManager, row: InstanceEntity, failure: { code: string; message: string }) {
    const set: InstanceColumns = {
      ...NOT_QUEUED,
      ...{ step: null, failureCode: failure.code, failureMessage: failure.message },
      // Put away like any other that failed; one that keeps a disk waits for its owner.
      expiresAt:
        row.hostId === null
          ? () => `clock_timestamp() + make_interval(mins => ${Math.floor(row.plan.lifetimeMinutes)})`
          : null,
    };
    const move = { to: 'FAILED', reason: failure.code, diskKept: row.hostId !== null, set } as const;
    await this.instances.moveWithin(manager, row, move);
  }

  /** Somebody left the queue, or puts the record away: no machine was made for it. */
  async leave(manager: EntityManager, row: InstanceEntity): Promise<void> {
    const { hostId } = row;
    if (hostId === null) return this.remove(manager, row);
    const set = { ...NOT_QUEUED, step: null, expiresAt: null };
    if (row.wanted === 'STOPPED') {
      await this.instances.moveWithin(manager, row, { to: 'STOPPED', reason: row.wantedReason, diskKept: true, set });
    } else {
      // Its disk is its host's to remove.
      await tell(manager, updateOf(manager, row, NOT_QUEUED));
    }
  }

  private async remove(manager: EntityManager, row: InstanceEntity): Promise<void> {
    const reason = row.wanted === 'RUNNING' ? 'expired' : row.wantedReason;
    const set = { ...NOT_QUEUED, step: null, wanted: 'DELETED', wantedReason: reason } as const;
    await this.instances.moveWithin(manager, row, { to: 'DELETING', reason, set });
    const leaving = await this.instances.find(row.id, manager);
    if (leaving) await this.instances.moveWithin(manager, leaving, { to: 'DELETED', reason: 'never-placed' });
  }
}
