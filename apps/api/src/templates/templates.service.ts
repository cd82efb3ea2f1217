import type { TemplatesView, TemplateView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '../http/api-error';
import { ImageEntity } from '../images/entities/image.entity';
import type { OfferedPlan } from '../plans/offer';
import { Plans } from '../plans/plans';
import { notifyTemplates } from './template-channel';
import { TemplateEntity } from './template.entity';

/** Templates as staff see them, and the wish to have one built anew; the host's worker carries it out. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly plans: Plans,
  ) {}

  async list(): Promise<TemplatesView> {
    const { manager } = this.dataSource;
    const [rows, images, offered] = await Promise.all([
      manager.find(TemplateEntity, { order: { hostId: 'ASC', position: 'ASC', key: 'ASC' } }),
      manager.find(ImageEntity),
      this.plans.all(),
    ]);
    const names = new Map(images.map(({ id, name }) => [id, name]));
    return { items: rows.map((row) => templateView(row, names.get(row.imageId) ?? row.imageId, offered)) };
  }

  /** @throws ApiError 404: no such template */
  async rebuild(hostId: string, key: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(
        TemplateEntity,
        { hostId, key },
        { rebuildAskedAt: () => 'clock_timestamp()' },
      );
      if (affected !== 1) throw notFound();
      await notifyTemplates(manager);
    });
  }
}

function templateView(row: TemplateEntity, imageName: string, offered: OfferedPlan[]): TemplateView {
  const { hostId, key, imageId, protocol, state, wanted, step, progress, failures, failure, machines } = row;
  const { vcpus, memoryMib, diskMib, buildSeconds, sizeMib } = row;
  const uses = ({ plan: { flavour, ...plan } }: OfferedPlan) =>
    wanted &&
    plan.imageId === imageId &&
    flavour.vcpus === vcpus &&
    flavour.memoryMib === memoryMib &&
    flavour.diskMib === diskMib;
  return {
    ...{ hostId, key, imageId, imageName, protocol, state, wanted, step, progress, failures, failure, machines },
    ...{ buildSeconds, sizeMib },
    plans: offered.filter(uses).map(({ plan }) => plan.name),
    flavour: { vcpus, memoryMib, diskMib },
    stateSince: row.stateSince.toISOString(),
    observedAt: row.observedAt.toISOString(),
  };
}
