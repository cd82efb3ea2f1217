import type { InstanceView, QuotaView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { InstanceViews } from '../instances/instance-view';
import { QuotasService } from '../quotas/quotas.service';

/** What event streams show; answers for one user and never with what is another's. */
@Injectable()
export class PortalState {
  constructor(
    private readonly views: InstanceViews,
    private readonly quotas: QuotasService,
  ) {}

  /** Every instance this user is a member of, DELETED ones left out, and the quota. */
  async snapshot(userId: string): Promise<{ instances: InstanceView[]; quota: QuotaView }> {
    const [instances, quota] = await Promise.all([this.views.forUser(userId), this.quotas.viewFor(userId)]);
    return { instances, quota };
  }

  /** Null: unknown, or not a member. A DELETED one is shown. */
  instance(userId: string, id: string): Promise<InstanceView | null> {
    return this.views.one(id, userId);
  }

  quota(userId: string): Promise<QuotaView> {
    return this.quotas.viewFor(userId);
  }
}
