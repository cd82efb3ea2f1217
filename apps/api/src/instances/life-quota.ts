import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { QuotasService } from '../quotas/quotas.service';
import type { InstanceEntity } from './entities/instance.entity';

/** What a longer life takes of the quota: hours, and nothing else. */
@Injectable()
export class LifeQuota {
  constructor(private readonly quotas: QuotasService) {}

  /** Before the row is locked: everybody who decides for this owner waits. */
  async lock(manager: EntityManager, row: Pick<InstanceEntity, 'ownerId' | 'proposalKey' | 'beamlineId'>): Promise<void> {
    await this.quotas.lock(manager, [row.ownerId]);
  }

  /**
   * The minutes from its end so far to the new one.
   * @throws ApiError 409 QUOTA_EXCEEDED
   */
  async decide(_manager: EntityManager, _row: InstanceEntity, _until: Date): Promise<void> {
    // SEAM
  }
}
