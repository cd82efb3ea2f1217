import type { ImageTrial, InstanceView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { DesktopsService } from '../../desktops/desktops.service';
import type { Launch } from '../../desktops/launch-planner';
import { ApiError, notFound } from '../../http/api-error';
import type { PlanSnapshot } from '../../instances/plan-snapshot';
import { FlavourEntity } from '../../plans/entities/flavour.entity';
import { snapshotOf } from '../../plans/snapshot';
import { Site } from '../../site/site';
import { ImageVersionEventEntity } from '../entities/image-version-event.entity';
import { ImageVersionEntity } from '../entities/image-version.entity';
import { ImageEntity } from '../entities/image.entity';
import { unknownIds } from '../registry/refusals';
import { TRIAL, trialKey } from './trial-key';

/** Long enough to look around; what is forgotten ends by itself. */
const MINUTES = 240;

/**
 * Starts a version for the admin who asks, and for nobody else: an instance like any other, counted in their quota, with no proposal, no
 * data and no disk that is kept.
 */
@Injectable()
export class Trials {
  constructor(
    private readonly dataSource: DataSource,
    private readonly desktops: DesktopsService,
    private readonly audit: Audit,
    private readonly site: Site,
  ) {}

  /** @throws ApiError 404, 409 NOT_READY, TOO_FEW_GPUS, and what a launch throws */
  async start(person: Person, imageId: string, number: number, wish: ImageTrial): Promise<InstanceView> {
    const { manager } = this.dataSource;
    const image = await manager.findOneBy(ImageEntity, { id: imageId, active: true });
    const version = image && (await manager.findOneBy(ImageVersionEntity, { imageId, number }));
    if (!image || !version) throw notFound();
    if (version.state === 'importing' || version.state === 'failed') {
      throw new ApiError(409, 'NOT_READY', `Version ${number} is not ready to be used.`, { state: version.state });
    }
    const plan = planOf(image, version, await this.flavour(wish, version.gpus), wish);
    return this.desktops.launchApart(person, this.launch(person, plan, image, number), TRIAL, (within) =>
      this.told(within, person, version),
    );
  }

  private async flavour({ flavour: id }: ImageTrial, gpus: number): Promise<FlavourEntity> {
    const order = { gpus: 'ASC', vcpus: 'ASC', memoryMib: 'ASC', diskMib: 'ASC', id: 'ASC' } as const;
    const all = await this.dataSource.manager.find(FlavourEntity, { where: { active: true }, order });
    if (id !== undefined && !all.some((one) => one.id === id)) throw unknownIds('flavour', [id]);
    const fitting = all.find((one) => (id === undefined || one.id === id) && one.gpus >= gpus);
    if (fitting) return fitting;
    throw new ApiError(409, 'TOO_FEW_GPUS', `This image needs ${gpus} GPUs; there is no such flavour.`, { needed: gpus });
  }

  private launch(person: Person, plan: PlanSnapshot, image: ImageEntity, number: number): Launch {
    const proposal = {
      ...{ key: trialKey(image.id, number), catalogue: TRIAL, facility: '', abstract: '', visits: [], team: [] },
      ...{ name: 'Trial', title: `${image.name}, version ${number}` },
    };
    const data = { shares: [], mounts: [], runAs: null, personName: person.name, timeZone: this.site.timeZone };
    return { plan, proposal, beamlineId: null, confirmedAt: null, dataAccess: data, step: 'Waiting for the host', keptOf: null };
  }

  private async told(manager: EntityManager, { id }: Person, { imageId, number, source }: ImageVersionEntity): Promise<void> {
    await manager.insert(ImageVersionEventEntity, { imageId, number, what: 'tried', whoId: id });
    const details = { image: imageId, version: number, what: 'tried', source: source.kind };
    await this.audit.write(manager, { kind: 'image-version', actorId: id, subjectId: null, details });
  }
}

function planOf(image: ImageEntity, version: ImageVersionEntity, flavour: FlavourEntity, { network }: ImageTrial): PlanSnapshot {
  return snapshotOf({
    ...{ id: TRIAL, name: `Trial of ${image.name}`, description: `Version ${version.number}, for its administrator alone` },
    ...{ image_id: image.id, image_version: version.number, setup: version.setup, virtual_mib: version.virtualMib },
    ...{ vcpus: flavour.vcpus, memory_mib: flavour.memoryMib, disk_mib: flavour.diskMib, gpus: flavour.gpus },
    ...{ lifetime_minutes: MINUTES, keeps_disk: false, idle_minutes: null, network, extension: null },
    ...{ keyboard: null, boot_script: null, image_values: {} },
  });
}
