import type { InstanceView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { InstanceAccess } from '../instances/instance-access';
import { InstanceViews } from '../instances/instance-view';
import { InstancesRepository } from '../instances/instances.repository';

/** What people do about a desktop that is about to stop for want of use. */
@Injectable()
export class IdleService {
  constructor(
    private readonly access: InstanceAccess,
    private readonly instances: InstancesRepository,
    private readonly views: InstanceViews,
  ) {}

  /**
   * Idempotent.
   * @throws ApiError 404, 403 by access; 409 NOT_RUNNING: it stops already
   */
  async keepRunning(person: Person, id: string): Promise<InstanceView> {
    await this.access.require(person.id, id, 'control');
    if (!(await this.instances.used(id))) {
      throw new ApiError(409, 'NOT_RUNNING', 'This desktop does not run any more. Start it again from its proposal.');
    }
    const view = await this.views.one(id, person.id);
    if (!view) throw notFound();
    return view;
  }
}
