import type { ExtensionWish, InstanceView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { InstanceEntity } from './entities/instance.entity';
import { InstanceAccess } from './instance-access';
import { InstanceLife } from './instance-life';
import { InstanceViews } from './instance-view';

const MINUTE_MS = 60_000;

/** What an owner may do about the life of a desktop without asking anybody: as its plan says. */
@Injectable()
export class Extensions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: InstanceAccess,
    private readonly life: InstanceLife,
    private readonly audit: Audit,
    private readonly views: InstanceViews,
  ) {}

  /**
   * The same wish twice counts once: it names the end that was seen.
   * @throws ApiError 404, 403; 409 EXTENSION_NOT_OFFERED, EXTENSION_USED_UP, DESKTOP_ENDED, QUOTA_EXCEEDED, EXPIRY_CHANGED
   */
  async extend(person: Person, id: string, { from }: ExtensionWish): Promise<InstanceView> {
    await this.access.require(person.id, id, 'extend');
    await this.dataSource.transaction((manager) => this.decide(manager, person, id, new Date(from)));
    const view = await this.views.one(id, person.id);
    if (!view) throw notFound();
    return view;
  }

  private async decide(manager: EntityManager, { id: actorId }: Person, id: string, seen: Date): Promise<void> {
    const row = await this.life.lockRunning(manager, id);
    const { extension } = row.plan;
    if (!extension) {
      const message = 'The plan of this desktop cannot be extended. You may ask for a longer life instead.';
      throw new ApiError(409, 'EXTENSION_NOT_OFFERED', message);
    }
    const until = new Date(seen.getTime() + extension.minutes * MINUTE_MS);
    if (row.extensionsUsed > 0 && row.expiresAt.getTime() === until.getTime()) return;
    if (row.expiresAt.getTime() !== seen.getTime()) {
      const message = 'The end of this desktop has changed since. Look at it again before you extend it.';
      throw new ApiError(409, 'EXPIRY_CHANGED', message, { expiresAt: row.expiresAt.toISOString() });
    }
    if (row.extensionsUsed >= extension.times) {
      const message = 'This desktop was extended as often as its plan allows. You may ask for a longer life.';
      throw new ApiError(409, 'EXTENSION_USED_UP', message, { times: extension.times });
    }
    await this.life.extendLife(manager, id, until);
    const extensionsUsed = row.extensionsUsed + 1;
    await manager.update(InstanceEntity, { id }, { extensionsUsed });
    const details = { desktop: id, proposal: row.proposalName, by: 'plan', until: until.toISOString(), used: extensionsUsed };
    await this.audit.write(manager, { kind: 'desktop-extended', actorId, subjectId: row.ownerId, details });
  }
}
