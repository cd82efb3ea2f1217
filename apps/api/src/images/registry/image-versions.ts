import type { ImageTraitsChange, ImageVersionEvent, ImageVersionState, NewImageVersion } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { ApiError, notFound } from '../../http/api-error';
import { notifyTemplates } from '../../templates/template-channel';
import { ImageVersionEventEntity } from '../entities/image-version-event.entity';
import { ImageVersionEntity } from '../entities/image-version.entity';
import { lockOwnImage } from './image-registry';
import { usesOf } from './image-uses';
import { Sources } from './sources';

type What = ImageVersionEvent['what'] | 'deleted';

const NO_FAILURE = { failureCode: null, failureMessage: null, failureDetail: null };
const NO_PROGRESS = { step: null, fraction: null };

/** What admins do with the versions of an image: each in one transaction under the image's lock, with its history and audit. */
@Injectable()
export class ImageVersions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly sources: Sources,
  ) {}

  /**
   * Begins to take one in; its number.
   * @throws ApiError 404, 409 FROM_SITE_FILE, SOURCE_MISSING, URL_NOT_ALLOWED, UPLOAD_NOT_FINISHED
   */
  async add(person: Person, imageId: string, { source, asRaw, ...traits }: NewImageVersion): Promise<number> {
    checkTraits(traits);
    const from = await this.sources.check(person, source);
    return this.dataSource.transaction(async (manager) => {
      await lockOwnImage(manager, imageId);
      const last = await manager.maximum(ImageVersionEntity, 'number', { imageId });
      const row = { imageId, number: (last ?? 0) + 1, state: 'importing', source: from, asRaw } as const;
      await manager.insert(ImageVersionEntity, { ...row, ...traits, boot: { kind: 'disk' }, createdBy: person.id });
      await this.told(manager, person, row, 'registered');
      return row.number;
    });
  }

  /** While it is importing or a draft. @throws ApiError 404, 409 FROM_SITE_FILE, VERSION_FIXED */
  async change(person: Person, imageId: string, number: number, change: ImageTraitsChange): Promise<void> {
    await this.within(person, imageId, number, 'changed', async (manager, version) => {
      const fixed = 'A version that was active is not changed any more. Register a new one.';
      allow(version, ['importing', 'draft', 'failed'], 'VERSION_FIXED', fixed);
      checkTraits({ ...version, ...change });
      await manager.update(ImageVersionEntity, { imageId, number }, { ...change });
    });
  }

  /** What launches use from now on; the former one is retired with the same stroke. @throws ApiError 404, 409 NOT_READY */
  async activate(person: Person, imageId: string, number: number): Promise<void> {
    await this.within(person, imageId, number, 'activated', async (manager, version) => {
      if (version.state === 'active') return false;
      allow(version, ['draft', 'retired'], 'NOT_READY', `Version ${number} is not ready to be used.`);
      const former = await manager.findOneBy(ImageVersionEntity, { imageId, state: 'active' });
      if (former) {
        await manager.update(ImageVersionEntity, { imageId, number: former.number }, { state: 'retired' });
        await this.told(manager, person, former, 'retired');
      }
      await manager.update(ImageVersionEntity, { imageId, number }, { state: 'active' });
      await notifyTemplates(manager);
      return true;
    });
  }

  /** Not offered any more; what runs or is kept goes on. @throws ApiError 404, 409 NOT_READY */
  async retire(person: Person, imageId: string, number: number): Promise<void> {
    await this.within(person, imageId, number, 'retired', async (manager, version) => {
      if (version.state === 'retired') return false;
      allow(version, ['draft', 'active'], 'NOT_READY', `Version ${number} is not ready to be used.`);
      await manager.update(ImageVersionEntity, { imageId, number }, { state: 'retired' });
      await notifyTemplates(manager);
      return true;
    });
  }

  /** Stops taking it in. @throws ApiError 404, 409 NOT_IMPORTING */
  async abort(person: Person, imageId: string, number: number): Promise<void> {
    await this.within(person, imageId, number, 'aborted', async (manager, version) => {
      allow(version, ['importing'], 'NOT_IMPORTING', `Version ${number} is not being taken in.`);
      const failure = { failureCode: 'ABORTED', failureMessage: 'This was stopped by an administrator.', failureDetail: null };
      const set = { state: 'failed', attempt: version.attempt + 1, ...NO_PROGRESS, ...failure } as const;
      await manager.update(ImageVersionEntity, { imageId, number }, set);
    });
  }

  /** Takes a failed one in again, from the same source. @throws ApiError 404, 409 NOT_FAILED, SOURCE_MISSING */
  async retry(person: Person, imageId: string, number: number): Promise<void> {
    await this.within(person, imageId, number, 'retried', async (manager, version) => {
      allow(version, ['failed'], 'NOT_FAILED', `Version ${number} has not failed.`);
      await this.sources.checkAgain(version.source);
      const set = { state: 'importing', attempt: version.attempt + 1, ...NO_PROGRESS, ...NO_FAILURE } as const;
      await manager.update(ImageVersionEntity, { imageId, number }, set);
    });
  }

  /** Its content goes with the last version that has it. @throws ApiError 404, 409 IMAGE_IN_USE, VERSION_ACTIVE */
  async remove(person: Person, imageId: string, number: number): Promise<void> {
    await this.within(person, imageId, number, 'deleted', async (manager, version) => {
      const uses = (await usesOf(manager, imageId)).get(number);
      if (uses) {
        const message = `Version ${number} is in use: ${uses.desktops} desktops, ${uses.keptDisks} of them with a kept disk only.`;
        throw new ApiError(409, 'IMAGE_IN_USE', message, { ...uses });
      }
      const active = `Version ${number} is what launches use. Retire it first.`;
      allow(version, ['importing', 'draft', 'retired', 'failed'], 'VERSION_ACTIVE', active);
      await manager.delete(ImageVersionEntity, { imageId, number });
    });
  }

  /** `act` says false where there was nothing to do: then nothing is written down either. */
  private within(
    person: Person,
    imageId: string,
    number: number,
    what: What,
    act: (manager: EntityManager, version: ImageVersionEntity) => Promise<boolean | void>,
  ): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await lockOwnImage(manager, imageId);
      const version = await manager.findOneBy(ImageVersionEntity, { imageId, number });
      if (!version) throw notFound();
      if ((await act(manager, version)) !== false) await this.told(manager, person, version, what);
    });
  }

  private async told(
    manager: EntityManager,
    person: Person,
    { imageId, number, source, sha256 = null }: Pick<ImageVersionEntity, 'imageId' | 'number' | 'source'> & { sha256?: string | null },
    what: What,
  ): Promise<void> {
    if (what !== 'deleted') await manager.insert(ImageVersionEventEntity, { imageId, number, what, whoId: person.id });
    const details = { image: imageId, version: number, what, source: source.kind, ...(sha256 === null ? {} : { sha256 }) };
    await this.audit.write(manager, { kind: 'image-version', actorId: person.id, subjectId: null, details });
  }
}

function allow({ state }: { state: ImageVersionState }, states: ImageVersionState[], code: string, message: string): void {
  if (!states.includes(state)) throw new ApiError(409, code, message, { state });
}

/** What can't be together. @throws ApiError 400 */
function checkTraits(traits: Pick<ImageVersionEntity, 'architecture' | 'firmware' | 'agent' | 'protocol' | 'setup'>): void {
  const refuse = (message: string) => {
    throw new ApiError(400, 'TRAITS_CONTRADICT', message);
  };
  if (traits.architecture === 'aarch64' && traits.firmware === 'bios') refuse('Machines of aarch64 have UEFI, never BIOS.');
  if (traits.protocol === 'rdp' && !traits.agent) refuse('Who serves RDP is told its password by our agent; this image has none. Show it by VNC.');
  if (traits.setup?.kind === 'script' && !traits.agent) refuse('A boot script is run by our agent; this image has none. Use cloud-init.');
}
