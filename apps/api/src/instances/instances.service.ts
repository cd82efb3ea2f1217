import type { InstanceView, WantedState } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { notFound } from '../http/api-error';
import { InstanceAccess } from './instance-access';
import { wantedWhenStopped } from './instance-lifecycle';
import { InstanceViews } from './instance-view';
import { InstancesRepository } from './instances.repository';

/** What people do with the instances they are members of. Writes `wanted`, never `state`. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly access: InstanceAccess,
    private readonly instances: InstancesRepository,
    private readonly views: InstanceViews,
  ) {}

  list(person: Person): Promise<InstanceView[]> {
    return this.views.forUser(person.id);
  }

  async get(person: Person, id: string): Promise<InstanceView> {
    const view = await this.views.one(id, person.id);
    if (!view) throw notFound();
    return view;
  }

  /** Off, with the disk kept where the plan keeps it; idempotent. */
  async stop(person: Person, id: string): Promise<InstanceView> {
    const { instance } = await this.access.require(person.id, id, 'stop');
    const wanted = wantedWhenStopped(instance);
    const onlyIf: WantedState[] = wanted === 'DELETED' ? ['RUNNING', 'STOPPED'] : ['RUNNING'];
    await this.instances.want(id, wanted, 'stopped', onlyIf, 'true', { actorId: person.id });
    return this.get(person, id);
  }

  /** Gone, disk included; also puts a failed one away. Idempotent. */
  async delete(person: Person, id: string): Promise<InstanceView> {
    await this.access.require(person.id, id, 'delete');
    await this.instances.want(id, 'DELETED', 'deleted', ['RUNNING', 'STOPPED'], 'true', { actorId: person.id });
    return this.get(person, id);
  }
}
