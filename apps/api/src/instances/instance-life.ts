import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiError, notFound } from '../http/api-error';
import { LaunchQuota } from '../quotas/launch-quota';
import { notifyInstance } from './change-feed';
import { InstanceEntity } from './entities/instance.entity';

/** Of a desktop whose life was made longer. */
export interface LongerLife {
  from: Date;
  until: Date;
}

/** The one place that changes when a desktop expires, once it was launched. */
@Injectable()
export class InstanceLife {
  constructor(private readonly quota: LaunchQuota) {}

  /**
   * The row, locked until the transaction ends; the quota's subjects before it, in the order of the click.
   * @throws ApiError 404: unknown; 409 DESKTOP_ENDED: it does not run, or its time is over
   */
  async lockRunning(manager: EntityManager, instanceId: string): Promise<InstanceEntity & { expiresAt: Date }> {
    const seen = await manager.findOneBy(InstanceEntity, { id: instanceId });
    if (!seen) throw notFound();
    await this.quota.lock(manager, seen);
    const row = await manager.findOne(InstanceEntity, {
      where: { id: instanceId },
      lock: { mode: 'pessimistic_write' },
    });
    const over = row === null || !isRunning(row) || row.expiresAt.getTime() <= Date.now();
    if (over) throw new ApiError(409, 'DESKTOP_ENDED', 'This desktop has ended, so it cannot go on longer.');
    return Object.assign(row, { expiresAt: row.expiresAt });
  }

  /**
   * In the transaction of whoever decides it, which also writes its audit. Open pages are told.
   * @param until later than the end so far
   * @throws ApiError as `lockRunning`; 409 NOT_LONGER; 409 QUOTA_EXCEEDED: the hours up to then are not there
   */
  async extendLife(manager: EntityManager, instanceId: string, until: Date): Promise<LongerLife> {
    const row = await this.lockRunning(manager, instanceId);
    const from = row.expiresAt;
    if (until <= from) {
      throw new ApiError(409, 'NOT_LONGER', 'This desktop goes on at least as long already.', {
        expiresAt: from.toISOString(),
      });
    }
    await this.quota.decideLonger(manager, row, until);
    await manager.update(InstanceEntity, { id: instanceId }, { expiresAt: until });
    await notifyInstance(manager, instanceId);
    return { from, until };
  }
}

/** It has a life that can be made longer: nobody wants it to end, and it ends by its timer. */
function isRunning(row: InstanceEntity): row is InstanceEntity & { expiresAt: Date } {
  return row.wanted === 'RUNNING' && row.expiresAt !== null && RUNNING.includes(row.state);
}

const RUNNING: readonly string[] = ['REQUESTED', 'BUILDING', 'STARTING', 'READY'];
