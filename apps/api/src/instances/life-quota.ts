import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LaunchQuota } from '../quotas/launch-quota';
import type { InstanceEntity } from './entities/instance.entity';

/** What a longer life takes of the quota: hours, and nothing else. */
@Injectable()
export class LifeQuota {
  constructor(private readonly quota: LaunchQuota) {}

  /** Before the row is locked: everybody who decides for one whose limits it has to keep waits. */
  lock(manager: EntityManager, row: Pick<InstanceEntity, 'ownerId' | 'proposalKey' | 'beamlineId'>): Promise<void> {
    return this.quota.lock(manager, row);
  }

  /**
   * The minutes from its end so far to the new one.
   * @throws ApiError 409 QUOTA_EXCEEDED
   */
  decide(manager: EntityManager, row: InstanceEntity, until: Date): Promise<void> {
    return this.quota.decideLonger(manager, row, until);
  }
}
