import { Readable } from 'node:stream';
import { GuestFilesError } from '../errors';
import {
  folderOf,
  FolderListing,
  GuestFile,
  GuestFiles,
  nameOf,
  OpenedFile,
  PARTIAL_NAME,
  pathIn,
  WriteOrder,
} from '../guest-files';
import { Uploads } from '../uploads';
import { Attributes, guestFile } from './attributes';
import { EXTENSION, OPEN } from './protocol';
import { CHUNK_BYTES } from './pipeline';
import { readPipeline } from './read-pipeline';
import { Refusals, Room } from './refusals';
import { Handle, Listed, SftpRequests } from './requests';
import { SftpSession } from './sftp-session';
import { removePartial, unlessRefused, Upload } from './upload';

/** What the host knows better than the guest. */
export interface SftpFilesOptions {
  /** Of the whole machine. */
  uploads?: Uploads;
  /** Bytes that limits of the host leave at this path; null = none that is known. */
  room?: (path: string) => Promise<number | null>;
  /** Called once, by `close`. */
  closed?: () => void;
}

/** Links of a folder that are followed at once. */
const LINKS_AT_ONCE = 32;

/** Files of a machine by SFTP, over a session that others may share. */
export class SftpFiles extends GuestFiles {
  private readonly requests: SftpRequests;
  private readonly refusals: Refusals;
  private readonly uploads: Uploads;
  private closed = false;

  constructor(
    private readonly session: SftpSession,
    private readonly options: SftpFilesOptions = {},
  ) {
    super();
    this.requests = new SftpRequests(session);
    this.refusals = new Refusals(this.requests, (folder) => this.room(folder));
    this.uploads = options.uploads ?? new Uploads();
  }

  async list(path: string, most: number): Promise<FolderListing> {
    const handle = await this.refusals.of('open-folder', path, () => this.requests.openFolder(path));
    try {
      const listed: Listed[] = [];
      // "." and ".." and files under way come on top; a server that repeats them for ever is not followed.
      for (let seen = 0; listed.length <= most && seen <= 2 * most + 2;) {
        const names = await this.refusals.of('read', path, () => this.requests.readFolder(handle));
        if (!names) break;
        seen += names.length;
        for (const one of names) {
          if (!this.isHidden(path, one.name) && !(await this.wasLeftBehind(path, one))) listed.push(one);
        }
      }
      return { entries: await this.shown(path, listed.slice(0, most)), truncated: listed.length > most };
    } finally {
      await this.release(handle);
    }
  }

  async stat(path: string): Promise<GuestFile> {
    return guestFile(nameOf(path), await this.attributes(path));
  }

  async read(path: string): Promise<OpenedFile> {
    if ((await this.stat(path)).kind !== 'file') throw new GuestFilesError('not-a-file', 'not a file');
    const handle = await this.refusals.of('read', path, () => this.requests.open(path, OPEN.READ));
    try {
      const file = guestFile(nameOf(path), await this.refusals.of('read', path, () => this.requests.statOpen(handle)));
      if (file.kind !== 'file') throw new GuestFilesError('not-a-file', 'no file any more');
      const chunks = (offset: number, length: number) =>
        this.refusals.each(readPipeline(this.requests, handle, offset, length));
      return {
        file,
        stream: (offset, length) =>
          Readable.from(chunks(offset, length), { objectMode: false, highWaterMark: CHUNK_BYTES }),
        close: () => this.release(handle),
      };
    } catch (error) {
      await this.release(handle);
      throw error;
    }
  }

  async write(
    path: string,
    content: AsyncIterable<Buffer>,
    order: WriteOrder,
    signal?: AbortSignal,
  ): Promise<GuestFile> {
    const before = await this.unlessMissing(path);
    if (before && !order.overwrite) throw new GuestFilesError('exists', 'before it began');
    if (before && before.kind !== 'file') throw new GuestFilesError('not-a-file', 'what would be replaced is no file');
    const folder = folderOf(path);
    if ((await this.attributes(folder)).kind !== 'folder')
      throw new GuestFilesError('not-a-folder', 'the parent is no folder');
    const { requests, refusals, uploads } = this;
    const space = () => this.space(folder);
    await new Upload({ requests, refusals, uploads, space }, path, order).run(content, before, signal);
    return this.stat(path);
  }

  async makeFolder(path: string): Promise<'made' | 'there'> {
    const before = await this.unlessMissing(path);
    if (before && before.kind !== 'folder') throw new GuestFilesError('exists', 'and is no folder');
    if (before) return 'there';
    await this.refusals.of('write', path, () => this.requests.makeFolder(path));
    return 'made';
  }

  async space(path: string): Promise<number | null> {
    const { told, limit } = await this.room(path);
    // Only what the host limits is made read-only for being full; all else is so by itself.
    if (told?.readOnly) return limit === null ? null : 0;
    const known = [told?.freeBytes ?? null, limit].filter((bytes) => bytes !== null);
    return known.length > 0 ? Math.max(0, Math.min(...known)) : null;
  }

  /** Removes what earlier transfers had to leave behind. */
  async sweep(): Promise<void> {
    for (const partial of this.uploads.takeLeftBehind()) {
      if ((await removePartial(this.requests, partial)) !== 'gone') this.uploads.end(partial, false);
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.options.closed?.();
  }

  private isHidden(folder: string, name: string): boolean {
    if (name === '.' || name === '..') return true;
    return PARTIAL_NAME.test(name) && this.uploads.isUnderWay(pathIn(folder, name));
  }

  /**
   * Whether this was a file that another run of this process was writing when it was killed. It is removed: nobody writes files
   * into a machine but the process that looks after it, and this one has none of that name under way.
   */
  private async wasLeftBehind(folder: string, { name, attributes }: Listed): Promise<boolean> {
    if (!PARTIAL_NAME.test(name) || attributes.kind !== 'file') return false;
    return (await removePartial(this.requests, pathIn(folder, name))) === 'gone';
  }

  /** Links are followed here, since a folder's listing tells of the links themselves. */
  private async shown(folder: string, listed: Listed[]): Promise<GuestFile[]> {
    const shown: GuestFile[] = [];
    for (let at = 0; at < listed.length; at += LINKS_AT_ONCE) {
      shown.push(...(await Promise.all(listed.slice(at, at + LINKS_AT_ONCE).map((one) => this.show(folder, one)))));
    }
    return shown;
  }

  private async show(folder: string, { name, usable, attributes }: Listed): Promise<GuestFile> {
    if (!usable) return guestFile(name, { ...attributes, kind: 'other' });
    if (attributes.kind !== 'link') return guestFile(name, attributes);
    const target = await this.requests.stat(pathIn(folder, name)).catch(unlessRefused);
    return guestFile(name, target ?? attributes);
  }

  private attributes(path: string): Promise<Attributes> {
    return this.refusals.of('look', path, () => this.requests.stat(path));
  }

  private async unlessMissing(path: string): Promise<Attributes | null> {
    try {
      return await this.attributes(path);
    } catch (error) {
      if (error instanceof GuestFilesError && error.reason === 'not-found') return null;
      throw error;
    }
  }

  private async room(path: string): Promise<Room> {
    const told = this.session.offers(EXTENSION.SPACE, '2') ? this.requests.space(path).catch(unlessRefused) : null;
    const limit = this.options.room?.(path) ?? null;
    return { told: await told, limit: await limit };
  }

  private async release(handle: Handle): Promise<void> {
    await this.requests.close(handle).catch(() => undefined);
  }
}
