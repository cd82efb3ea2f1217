import type { ImageChange, ImageOffering, NewImage } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { ApiError, notFound } from '../../http/api-error';
import { Site } from '../../site/site';
import { notifyTemplates } from '../../templates/template-channel';
import { ImageEntity } from '../entities/image.entity';
import { fromSiteFile, idTaken, unknownIds } from './refusals';

/** The image, locked until the transaction ends. @throws ApiError 404, 409 FROM_SITE_FILE */
export async function lockOwnImage(manager: EntityManager, id: string): Promise<ImageEntity> {
  const image = await manager.findOne(ImageEntity, { where: { id, active: true }, lock: { mode: 'pessimistic_write' } });
  if (!image) throw notFound();
  if (image.origin === 'site') throw fromSiteFile('image', id);
  return image;
}

/** Images that admins make beside those of the site file, and to whom they are offered. */
@Injectable()
export class ImageRegistry {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly site: Site,
  ) {}

  /** @throws ApiError 409 ID_TAKEN, 400 UNKNOWN_REFERENCE */
  async make(person: Person, { id, name, description, offering }: NewImage): Promise<void> {
    this.check(offering);
    await this.dataSource.transaction(async (manager) => {
      const row = { id, name, description, origin: 'admin' as const, createdBy: person.id, createdAt: () => 'now()' };
      const made = await manager
        .createQueryBuilder()
        .insert()
        .into(ImageEntity)
        .values({ ...row, ...offering })
        .orIgnore()
        .returning('id')
        .execute();
      if ((made.raw as unknown[]).length === 0 || this.site.images.some((image) => image.id === id)) throw idTaken('image', id);
      await this.told(manager, person, 'image-made', { image: id, name, ...offering });
    });
  }

  /** @throws ApiError 404, 409 FROM_SITE_FILE, 400 UNKNOWN_REFERENCE */
  async change(person: Person, id: string, { name, description, offering }: ImageChange): Promise<void> {
    if (offering) this.check(offering);
    await this.dataSource.transaction(async (manager) => {
      const image = await lockOwnImage(manager, id);
      const set = { name: name ?? image.name, description: description ?? image.description, ...offering };
      await manager.update(ImageEntity, { id }, set);
      await this.told(manager, person, 'image-changed', { image: id, name: set.name, ...offering });
    });
  }

  /** With all its versions. @throws ApiError 404, 409 FROM_SITE_FILE, IMAGE_IN_USE */
  async remove(person: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const image = await lockOwnImage(manager, id);
      const [uses] = await manager.query<{ plans: number; desktops: number }[]>(
        `SELECT (SELECT count(*)::int FROM plan WHERE image_id = $1) AS plans,
           (SELECT count(*)::int FROM instance WHERE state <> 'DELETED' AND plan_snapshot->>'imageId' = $1) AS desktops`,
        [id],
      );
      if (uses && uses.plans + uses.desktops > 0) {
        const message = `"${image.name}" is in use: ${uses.plans} plans, ${uses.desktops} desktops. Delete those first.`;
        throw new ApiError(409, 'IMAGE_IN_USE', message, { ...uses });
      }
      await manager.delete(ImageEntity, { id });
      await this.told(manager, person, 'image-deleted', { image: id, name: image.name });
    });
  }

  private check({ beamlines, techniques }: ImageOffering): void {
    const unknown = beamlines.filter((id) => !this.site.beamlines.some((beamline) => beamline.id === id));
    if (unknown.length > 0) throw unknownIds('beamlines', unknown);
    const words = techniques.filter((id) => !this.site.techniques.some((technique) => technique.id === id));
    if (words.length > 0) throw unknownIds('techniques', words);
  }

  private async told(
    manager: EntityManager,
    person: Person,
    kind: 'image-made' | 'image-changed' | 'image-deleted',
    details: Record<string, string | string[]>,
  ): Promise<void> {
    await this.audit.write(manager, { kind, actorId: person.id, subjectId: null, details });
    await notifyTemplates(manager);
  }
}
