import type { ImageVersionEvent, ImageVersionView, ImageView, ImagesView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import { notFound } from '../../http/api-error';
import { ImageVersionEventEntity } from '../entities/image-version-event.entity';
import { ImageVersionEntity, type VersionSource } from '../entities/image-version.entity';
import { ImageEntity } from '../entities/image.entity';
import { TRIAL, trialKey } from '../trial/trial-key';
import { usesOf, type VersionUses } from './image-uses';

interface Around {
  names: Map<string, string>;
  events: ImageVersionEventEntity[];
  uses: Map<number, VersionUses>;
  trials: Map<string, string>;
}

/** Images as admins see them. */
@Injectable()
export class ImageViews {
  constructor(private readonly dataSource: DataSource) {}

  /** By name; those that left the site file are not shown. */
  async list(viewer: string): Promise<ImagesView> {
    const images = await this.dataSource.manager.find(ImageEntity, { where: { active: true }, order: { name: 'ASC', id: 'ASC' } });
    return { items: await this.views(images, viewer) };
  }

  /** @throws ApiError 404 */
  async one(id: string, viewer: string): Promise<ImageView> {
    const image = await this.dataSource.manager.findOneBy(ImageEntity, { id, active: true });
    const [view] = image ? await this.views([image], viewer) : [];
    if (!view) throw notFound();
    return view;
  }

  private async views(images: ImageEntity[], viewer: string): Promise<ImageView[]> {
    const { manager } = this.dataSource;
    const imageId = In(images.map(({ id }) => id));
    const [versions, events, plans, trials] = await Promise.all([
      manager.find(ImageVersionEntity, { where: { imageId }, order: { number: 'DESC' } }),
      manager.find(ImageVersionEventEntity, { where: { imageId }, order: { id: 'ASC' } }),
      this.dataSource.query<{ id: string; name: string; image_id: string }[]>(
        'SELECT id, name, image_id FROM plan WHERE active AND image_id = ANY($1) ORDER BY position, id',
        [images.map(({ id }) => id)],
      ),
      this.dataSource.query<{ id: string; proposal_key: string }[]>(
        `SELECT id, proposal_key FROM instance WHERE owner_id = $1 AND service = $2 AND state <> 'DELETED'`,
        [viewer, TRIAL],
      ),
    ]);
    const people = [...images, ...versions].map(({ createdBy }) => createdBy);
    const names = await this.namesOf([...people, ...events.map(({ whoId }) => whoId)]);
    const seen = { names, trials: new Map(trials.map((trial) => [trial.proposal_key, trial.id])) };
    return Promise.all(
      images.map(async (image) => {
        const uses = await usesOf(manager, image.id);
        const own = versions.filter((version) => version.imageId === image.id);
        return {
          ...{ id: image.id, name: image.name, description: image.description, origin: image.origin },
          offering: { beamlines: image.beamlines, techniques: image.techniques, groups: image.groups },
          plans: plans.filter((plan) => plan.image_id === image.id).map(({ id, name }) => ({ id, name })),
          createdAt: image.createdAt?.toISOString() ?? null,
          createdBy: personOf(names, image.createdBy),
          versions: own.map((version) => versionView(version, { ...seen, uses, events: eventsOf(events, version) })),
        };
      }),
    );
  }

  private async namesOf(ids: (string | null)[]): Promise<Map<string, string>> {
    const known = [...new Set(ids.filter((id) => id !== null))];
    const people = await this.dataSource.manager.findBy(UserAccountEntity, { id: In(known) });
    return new Map(people.map(({ id, name }) => [id, name]));
  }
}

function versionView(row: ImageVersionEntity, { names, events, uses, trials }: Around): ImageVersionView {
  const { number, state, format, sha256, virtualMib, protocol, firmware, architecture } = row;
  const { agent, clonable, gpus, setup, software } = row;
  return {
    ...{ number, state, format, sha256, virtualMib, protocol, firmware, architecture },
    ...{ agent, clonable, gpus, setup, software },
    progress: state === 'importing' ? { step: row.step ?? 'waiting', fraction: row.fraction } : null,
    failure:
      row.failureCode === null
        ? null
        : { code: row.failureCode, message: row.failureMessage ?? '', detail: row.failureDetail || null },
    source: { kind: row.source.kind, name: nameOf(row.source) },
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    boot: row.boot.kind,
    uses: uses.get(number) ?? { desktops: 0, keptDisks: 0 },
    trial: trials.get(trialKey(row.imageId, number)) ?? null,
    createdAt: row.createdAt.toISOString(),
    createdBy: personOf(names, row.createdBy),
    history: events.map((event) => eventView(event, names)),
  };
}

function nameOf(source: VersionSource): string {
  return source.kind === 'url' ? source.url : source.name;
}

function eventsOf(events: ImageVersionEventEntity[], { imageId, number }: ImageVersionEntity): ImageVersionEventEntity[] {
  return events.filter((event) => event.imageId === imageId && event.number === number);
}

function eventView({ at, what, whoId }: ImageVersionEventEntity, names: Map<string, string>): ImageVersionEvent {
  return { at: at.toISOString(), what, who: personOf(names, whoId) };
}

function personOf(names: Map<string, string>, id: string | null): { id: string; name: string | null } | null {
  return id === null ? null : { id, name: names.get(id) ?? null };
}
