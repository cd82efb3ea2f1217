import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Audit } from '../../audit/audit';
import type { Config } from '../../config';
import { ImageVersionEventEntity } from '../entities/image-version-event.entity';
import { type ImageBoot, ImageVersionEntity } from '../entities/image-version.entity';
import { contentName, workFolder } from '../image-folders';
import { defaultLimits, type FetchRules, ImageRefusedError, type InspectedImage } from '../intake';
import type { Sources } from '../registry/sources';
import type { Uploads } from '../uploads/uploads';
import { type ImageStore, namesIn } from './image-store';
import type { IntakeTools } from './intake-tools';
import { VersionLock } from './version-lock';

interface Source {
  file: string;
  /** What the person called it. */
  name: string;
}

interface Outcome {
  sha256: string;
  sizeBytes: number;
}

/**
 * Takes versions in: fetch, inspect, convert, store, each of which may be cut off at any line. Nothing of a version counts until its row
 * says draft, written with its content in one transaction; a worker that begins anew clears what the one before left.
 */
export class ImageIntake {
  private readonly log = new Logger('ImageIntake');

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Pick<Config, 'dataDir' | 'imageIntake'>,
    private readonly audit: Audit,
    private readonly sources: Pick<Sources, 'pathOf'>,
    private readonly uploads: Pick<Uploads, 'remove' | 'sweep'>,
    private readonly store: ImageStore,
    private readonly tools: IntakeTools,
  ) {}

  /** Takes the oldest that is due and not worked on; false: there is none. @param ending the process is to end */
  async once(ending: AbortSignal): Promise<boolean> {
    const due = await this.dataSource.manager.find(ImageVersionEntity, {
      where: { state: 'importing' },
      order: { createdAt: 'ASC', imageId: 'ASC', number: 'ASC' },
    });
    for (const version of due) {
      const lock = await VersionLock.take(this.dataSource, version);
      if (!lock) continue;
      try {
        await this.takeIn(version, lock, ending);
      } finally {
        await lock.release();
      }
      return true;
    }
    return false;
  }

  /** Removes contents, uploads and half-made work that nothing names any more. */
  async sweep(): Promise<void> {
    const rows = await this.dataSource.manager.find(ImageVersionEntity, {
      where: [{ state: 'importing' }, { state: 'failed' }],
    });
    const importing = new Set(rows.filter(({ state }) => state === 'importing').map((row) => workName(row)));
    for (const name of await namesIn(workFolder(this.config.dataDir))) {
      if (!importing.has(name)) await rm(join(workFolder(this.config.dataDir), name), { recursive: true, force: true });
    }
    await this.uploads.sweep(new Set(rows.flatMap(({ source }) => (source.kind === 'upload' ? [source.upload] : []))));
    const gone = await this.store.sweep();
    if (gone > 0) this.log.log(`${gone} contents of images that nothing named any more are removed`);
  }

  private async takeIn(version: ImageVersionEntity, lock: VersionLock, ending: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([lock.signal, ending]);
    const work = join(workFolder(this.config.dataDir), workName(version));
    const called = `version ${version.number} of image ${version.imageId}`;
    try {
      await rm(work, { recursive: true, force: true });
      await mkdir(join(work, 'content'), { recursive: true, mode: 0o700 });
      const source = await this.fetch(version, work, lock, signal);
      await lock.tell('inspecting');
      const { name } = source;
      const inspected = await this.tools.inspect(source.file, { signal, name, asRaw: version.asRaw });
      await lock.tell('converting', 0);
      const boot = inspected.format === 'iso' ? 'iso' : 'disk';
      const progress = (percent: number) => void lock.tell('converting', percent / 100);
      const target = join(work, 'content', contentName(boot));
      const made = await this.tools.convert(source.file, inspected, target, { signal, progress });
      await lock.tell('storing');
      if (await this.keep(version, join(work, 'content'), inspected, made)) this.log.log(`${called} is taken in: ${made.sha256}`);
      if (version.source.kind === 'upload') await this.uploads.remove(version.source.upload);
    } catch (error) {
      if (signal.aborted) this.log.log(`${called}: broken off`);
      else await this.fail(version, called, error);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  private async fetch(version: ImageVersionEntity, work: string, lock: VersionLock, signal: AbortSignal): Promise<Source> {
    const { source } = version;
    if (source.kind === 'url') {
      await lock.tell('fetching', 0);
      const file = join(work, 'fetched');
      const progress = ({ bytes, totalBytes }: { bytes: number; totalBytes: number | null }) =>
        void lock.tell('fetching', totalBytes ? Math.min(1, bytes / totalBytes) : null);
      const fetched = await this.tools.fetch(source.url, file, this.rules(), { sha256: source.sha256, signal, progress });
      return { file, name: fetched.name };
    }
    const file = this.sources.pathOf(source);
    if (file === null) throw new Error(`a version in ${version.state} has no source`);
    if (source.kind === 'upload' && source.sha256 !== null) await this.checkSum(file, source.sha256, lock, signal);
    return { file, name: source.name };
  }

  /** An upload comes in pieces; whether the whole is what was sent is seen here. @throws ImageRefusedError */
  private async checkSum(file: string, wanted: string, lock: VersionLock, signal: AbortSignal): Promise<void> {
    const { size } = await stat(file);
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of createReadStream(file, { signal, highWaterMark: 1024 ** 2 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      read += chunk.length;
      await lock.tell('fetching', read / size);
    }
    const found = hash.digest('hex');
    if (found !== wanted) throw new ImageRefusedError('CHECKSUM_MISMATCH', `is ${found}, not ${wanted}`);
  }

  private rules(): FetchRules {
    const { urlHosts: hosts, privateUrlHosts: privateHosts } = this.config.imageIntake;
    const { fileMib } = defaultLimits;
    return { hosts, privateHosts, http: privateHosts.length > 0, fileMib, idleSeconds: 60, totalSeconds: 12 * 3600 };
  }

  /** False: the version is not wanted any more. */
  private keep(version: ImageVersionEntity, folder: string, inspected: InspectedImage, made: Outcome): Promise<boolean> {
    const { imageId, number, attempt } = version;
    const { format, virtualMib } = inspected;
    const boot: ImageBoot & { kind: 'disk' | 'iso' } = format === 'iso' ? { kind: 'iso' } : { kind: 'disk' };
    return this.dataSource.transaction(async (manager) => {
      const { sha256, sizeBytes } = made;
      const set = { state: 'draft', step: null, fraction: null, format, virtualMib, sha256, boot } as const;
      const where = { imageId, number, attempt, state: 'importing' } as const;
      const { affected } = await manager.update(ImageVersionEntity, where, {
        ...set,
        sizeBytes: String(sizeBytes),
      });
      if (affected !== 1) return false;
      await manager.insert(ImageVersionEventEntity, { imageId, number, what: 'taken-in', whoId: null });
      const details = { image: imageId, version: number, what: 'taken-in', source: version.source.kind, sha256, format };
      await this.audit.write(manager, { kind: 'image-version', actorId: null, subjectId: null, details });
      await this.store.put(manager, folder, contentName(boot.kind), sha256);
      return true;
    });
  }

  private async fail(version: ImageVersionEntity, called: string, error: unknown): Promise<void> {
    const refused = error instanceof ImageRefusedError;
    const code = refused ? error.code : 'INTAKE_FAILED';
    const message = refused ? error.message : 'This image could not be taken in. The log of the worker says why.';
    if (refused) this.log.warn(`${called} is refused: ${code}: ${error.detail}`);
    else this.log.error(`${called}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
    const { imageId, number, attempt } = version;
    await this.dataSource.transaction(async (manager) => {
      const failure = { failureCode: code, failureMessage: message, failureDetail: refused ? error.detail : null };
      const where = { imageId, number, attempt, state: 'importing' } as const;
      const { affected } = await manager.update(ImageVersionEntity, where, {
        ...failure,
        ...{ state: 'failed', step: null, fraction: null },
      });
      if (affected !== 1) return;
      await manager.insert(ImageVersionEventEntity, { imageId, number, what: 'failed', whoId: null });
      const details = { image: imageId, version: number, what: 'failed', source: version.source.kind, code };
      await this.audit.write(manager, { kind: 'image-version', actorId: null, subjectId: null, details });
    });
  }
}

const workName = ({ imageId, number }: Pick<ImageVersionEntity, 'imageId' | 'number'>): string => `${imageId}.${number}`;
