import { mkdirSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { Request, Response } from 'express';
import { Config } from '../../config';
import { ApiError, notFound } from '../../http/api-error';
import { uploadsFolder } from '../image-folders';

/** Half-way uploads are forgotten a day after their last byte, finished ones that nobody took in after a week. */
const UNFINISHED_MS = 24 * 3_600_000;
const FINISHED_MS = 7 * UNFINISHED_MS;
/** Of one person, finished or not. */
const AT_ONCE = 5;
/** Stays free on the disk. */
const RESERVE_BYTES = 1024 ** 3;

const ID = /^[0-9a-f]{32}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** An upload of one person. */
export interface Upload {
  /** As the person's computer calls the file; '' where it did not say. */
  name: string;
  /** What the file must be, hexadecimal; null: the person gave none. */
  sha256: string | null;
  sizeBytes: number;
  receivedBytes: number;
  finished: boolean;
}

interface Stored {
  id: string;
  size: number;
  offset: number;
  metadata: Record<string, string | null>;
}

/**
 * Files that admins send in pieces, going on after a break: the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload), with the
 * portal's own access rules in front. Whose an upload is stands in its record, and nobody else ever sees it.
 */
export class Uploads {
  /** Who begins what is under way; a browser does not say whose its upload is. */
  private readonly beginners = new WeakMap<IncomingMessage, string>();
  private opened: { store: FileStore; server: Server } | null = null;

  constructor(private readonly config: Pick<Config, 'dataDir' | 'imageIntake'>) {}

  pathOf(id: string): string {
    return join(uploadsFolder(this.config.dataDir), id);
  }

  /** Null: there is none, or it is not this person's. */
  async find(personId: string, id: string): Promise<Upload | null> {
    const found = await this.stored(id);
    if (found?.metadata['owner'] !== personId) return null;
    const sha256 = found.metadata['sha256'] ?? '';
    return {
      name: found.metadata['filename'] ?? '',
      sha256: SHA256.test(sha256) ? sha256 : null,
      sizeBytes: found.size,
      receivedBytes: found.offset,
      finished: found.offset === found.size,
    };
  }

  /**
   * Begins one: `Upload-Length` in bytes, `Upload-Metadata` with `filename` and, if wanted, `sha256`.
   * @throws ApiError 400, 409 TOO_MANY_UPLOADS, NO_ROOM, 413 TOO_LARGE
   */
  async begin(personId: string, request: Request, response: Response): Promise<void> {
    const length = request.headers['upload-length'];
    if (typeof length !== 'string' || !/^[1-9]\d{0,14}$/.test(length)) {
      throw new ApiError(400, 'BAD_REQUEST', 'An upload says its length in bytes before it begins.');
    }
    await this.checkRoom(personId, Number(length));
    this.beginners.set(request, personId);
    await this.open().server.handle(request, endedPlainly(response));
  }

  /** Goes on with one, tells how far it came, or removes it. @throws ApiError 404 for anybody but who began it */
  async goOn(personId: string, id: string, request: Request, response: Response): Promise<void> {
    if (!(await this.find(personId, id))) throw notFound();
    await this.open().server.handle(request, endedPlainly(response));
  }

  /** After it was taken in. Absent is success. */
  async remove(id: string): Promise<void> {
    if (await this.stored(id)) await this.open().store.remove(id);
  }

  /** Removes what nobody goes on with. @param needed ids of uploads that are being taken in, or may be again */
  async sweep(needed: ReadonlySet<string>): Promise<void> {
    for (const id of await this.ids()) {
      const found = await this.stored(id);
      if (!found || needed.has(id)) continue;
      const { mtimeMs } = await stat(this.pathOf(id));
      const kept = found.offset === found.size ? FINISHED_MS : UNFINISHED_MS;
      if (Date.now() - mtimeMs > kept) await this.open().store.remove(id);
    }
  }

  private async checkRoom(personId: string, bytes: number): Promise<void> {
    const limit = this.config.imageIntake.uploadLimitBytes;
    if (bytes > limit) {
      const message = limit === 0 ? 'Uploads are switched off here.' : 'This file is larger than what may be uploaded here.';
      throw new ApiError(413, 'TOO_LARGE', message, { limitBytes: limit });
    }
    const stored = await Promise.all((await this.ids()).map((id) => this.stored(id)));
    const all = stored.filter((one) => one !== null);
    if (all.filter(({ metadata }) => metadata['owner'] === personId).length >= AT_ONCE) {
      const message = `You have ${AT_ONCE} uploads here already. Take one in, or remove it, first.`;
      throw new ApiError(409, 'TOO_MANY_UPLOADS', message);
    }
    this.open();
    const { bavail, bsize } = await statfs(uploadsFolder(this.config.dataDir));
    const promised = all.reduce((sum, { size, offset }) => sum + size - offset, 0);
    if (bavail * bsize - promised - RESERVE_BYTES >= bytes) return;
    throw new ApiError(409, 'NO_ROOM', 'There is not enough room on the disk of the portal for this file.');
  }

  private async ids(): Promise<string[]> {
    const names = await readdir(uploadsFolder(this.config.dataDir)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => ID.test(name));
  }

  /** Null: no such upload, or half of its files is gone. */
  private async stored(id: string): Promise<Stored | null> {
    if (!ID.test(id)) return null;
    try {
      const { size = 0, offset, metadata = {} } = await this.open().store.getUpload(id);
      return { id, size, offset, metadata };
    } catch (error) {
      // As tus names them: 404 and 410.
      if ([404, 410].includes((error as { status_code?: number }).status_code ?? 0)) return null;
      throw error;
    }
  }

  private open(): { store: FileStore; server: Server } {
    if (this.opened) return this.opened;
    const directory = uploadsFolder(this.config.dataDir);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const store = new FileStore({ directory, expirationPeriodInMilliseconds: FINISHED_MS });
    const server = new Server({
      path: '/api/uploads',
      datastore: store,
      relativeLocation: true,
      maxSize: this.config.imageIntake.uploadLimitBytes,
      allowedOrigins: () => false,
      onUploadCreate: async (request, { metadata }) => {
        const sent = request.runtime?.node?.req;
        const owner = sent && this.beginners.get(sent as IncomingMessage);
        if (owner === undefined) throw new Error('an upload of nobody');
        return { metadata: { ...metadata, owner } };
      },
    });
    this.opened = { store, server };
    return this.opened;
  }
}

/** Sessions put an `end` of their own in place, which takes a callback for something to be sent; tus gives it nothing else. */
function endedPlainly(response: Response): Response {
  const end = response.end.bind(response);
  const plainly = (...given: unknown[]): Response => {
    const [done] = given;
    if (typeof done !== 'function') return end(...(given as Parameters<typeof end>));
    response.once('close', () => done());
    return end();
  };
  response.end = plainly as typeof response.end;
  return response;
}
