import type { FlavourChange, FlavoursView, NewFlavour } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { ApiError, notFound } from '../../http/api-error';
import { fromSiteFile, idTaken } from '../../images/registry/refusals';
import { Site } from '../../site/site';
import { notifyTemplates } from '../../templates/template-channel';
import { FlavourEntity } from '../entities/flavour.entity';
import { PlanEntity } from '../entities/plan.entity';

/** Flavours that admins make beside those of the site file. What desktops were promised never changes with them. */
@Injectable()
export class FlavourRegistry {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly site: Site,
  ) {}

  /** By size. */
  async list(): Promise<FlavoursView> {
    const { manager } = this.dataSource;
    const [flavours, plans] = await Promise.all([
      manager.find(FlavourEntity, {
        where: { active: true },
        order: { gpus: 'ASC', vcpus: 'ASC', memoryMib: 'ASC', diskMib: 'ASC', id: 'ASC' },
      }),
      manager.find(PlanEntity, { where: { active: true }, order: { position: 'ASC', id: 'ASC' } }),
    ]);
    const items = flavours.map(({ id, origin, vcpus, memoryMib, diskMib, gpus }) => ({
      ...{ id, origin, vcpus, memoryMib, diskMib, gpus },
      plans: plans.filter(({ flavourId }) => flavourId === id).map((plan) => ({ id: plan.id, name: plan.name })),
    }));
    return { items };
  }

  /** @throws ApiError 409 ID_TAKEN */
  async make(person: Person, flavour: NewFlavour): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const insert = manager.createQueryBuilder().insert().into(FlavourEntity).values({ ...flavour, origin: 'admin' });
      const made = await insert.orIgnore().returning('id').execute();
      const known = this.site.flavours.some(({ id }) => id === flavour.id);
      if (known || (made.raw as unknown[]).length === 0) throw idTaken('flavour', flavour.id);
      await this.told(manager, person, flavour.id, 'made', { ...flavour });
    });
  }

  /** @throws ApiError 404, 409 FROM_SITE_FILE */
  async change(person: Person, id: string, change: FlavourChange): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { vcpus, memoryMib, diskMib, gpus } = { ...(await this.own(manager, id)), ...change };
      await manager.update(FlavourEntity, { id }, { vcpus, memoryMib, diskMib, gpus });
      await this.told(manager, person, id, 'changed', { vcpus, memoryMib, diskMib, gpus });
    });
  }

  /** @throws ApiError 404, 409 FROM_SITE_FILE, FLAVOUR_IN_USE */
  async remove(person: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.own(manager, id);
      const plans = await manager.countBy(PlanEntity, { flavourId: id });
      if (plans > 0) {
        const message = `The flavour "${id}" is used by ${plans} plans. Change or delete those first.`;
        throw new ApiError(409, 'FLAVOUR_IN_USE', message, { plans });
      }
      await manager.delete(FlavourEntity, { id });
      await this.told(manager, person, id, 'deleted', {});
    });
  }

  private async own(manager: EntityManager, id: string): Promise<FlavourEntity> {
    const lock = { mode: 'pessimistic_write' } as const;
    const flavour = await manager.findOne(FlavourEntity, { where: { id, active: true }, lock });
    if (!flavour) throw notFound();
    if (flavour.origin === 'site') throw fromSiteFile('flavour', id);
    return flavour;
  }

  private async told(
    manager: EntityManager,
    person: Person,
    flavour: string,
    what: 'made' | 'changed' | 'deleted',
    amounts: Record<string, string | number>,
  ): Promise<void> {
    const details = { ...amounts, flavour, what };
    await this.audit.write(manager, { kind: 'flavour-changed', actorId: person.id, subjectId: null, details });
    await notifyTemplates(manager);
  }
}
