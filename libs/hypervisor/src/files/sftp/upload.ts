import { randomBytes } from 'node:crypto';
import { GuestFilesError } from '../errors';
import { folderOf, pathIn, WriteOrder } from '../guest-files';
import { Uploads } from '../uploads';
import { Attributes } from './attributes';
import { EXTENSION, OPEN, SftpRefusal, STATUS } from './protocol';
import { Refusals } from './refusals';
import { Handle, SftpRequests } from './requests';
import { writePipeline } from './write-pipeline';

/** What an upload needs of the connection that it goes over. */
export interface UploadWays {
  requests: SftpRequests;
  refusals: Refusals;
  uploads: Uploads;
  /** Bytes left in the folder it goes to; null = unknown. */
  space: () => Promise<number | null>;
}

/** One file on its way into the guest, under a name of its own until it is whole. */
export class Upload {
  private readonly partial: string;
  private readonly requests: SftpRequests;
  private readonly uploads: Uploads;

  constructor(
    private readonly ways: UploadWays,
    private readonly path: string,
    private readonly order: WriteOrder,
  ) {
    this.requests = ways.requests;
    this.uploads = ways.uploads;
    this.partial = pathIn(folderOf(path), `.beamdesk-${randomBytes(8).toString('hex')}.part`);
  }

  /** `before`: the file that it replaces. Returns when it is in its place; otherwise nothing is left of it. */
  async run(content: AsyncIterable<Buffer>, before: Attributes | null, signal?: AbortSignal): Promise<void> {
    this.uploads.begin(this.partial, this.order.size);
    let opened = false;
    let placed = false;
    try {
      const handle = await this.tried(() =>
        this.requests.open(this.partial, OPEN.WRITE | OPEN.CREATE | OPEN.EXCLUSIVE),
      );
      opened = true;
      await this.fill(handle, content, before, signal);
      await this.putInPlace();
      placed = true;
    } finally {
      const left = placed ? 'gone' : await removePartial(this.requests, this.partial);
      this.uploads.end(this.partial, left === 'gone' || (left === 'refused' && !opened));
    }
  }

  private async fill(
    handle: Handle,
    content: AsyncIterable<Buffer>,
    before: Attributes | null,
    signal?: AbortSignal,
  ): Promise<void> {
    const { size } = this.order;
    const arrived = (bytes: number) => this.uploads.arrived(this.partial, bytes);
    try {
      await this.requireRoom();
      await this.tried(() =>
        writePipeline(this.requests, handle, content, { size, arrived, ...(signal ? { signal } : {}) }),
      );
      // A file that is replaced keeps who may read and run it.
      if (before?.mode) await this.requests.setMode(handle, before.mode).catch(unlessRefused);
      if (this.offers(EXTENSION.STORE)) await this.tried(() => this.requests.store(handle));
    } catch (error) {
      await this.requests.close(handle).catch(() => undefined);
      throw error;
    }
    await this.tried(() => this.requests.close(handle));
    if (signal?.aborted) throw new GuestFilesError('ended', 'aborted');
  }

  private async putInPlace(): Promise<void> {
    const { overwrite } = this.order;
    if (overwrite && this.offers(EXTENSION.RENAME_OVER)) {
      await this.tried(() => this.requests.renameOver(this.partial, this.path));
      return;
    }
    if (overwrite) await this.requests.remove(this.path).catch(unlessRefused);
    await this.ways.refusals.of('name', this.path, () => this.requests.rename(this.partial, this.path));
  }

  /** After the guest has let us write there at all, and before the first byte; with what others are still sending. */
  private async requireRoom(): Promise<void> {
    const space = await this.ways.space();
    const needed = this.uploads.outstanding;
    if (space !== null && space < needed) throw new GuestFilesError('no-room', `${needed} bytes needed, ${space} left`);
  }

  private tried<T>(task: () => Promise<T>): Promise<T> {
    return this.ways.refusals.of('write', this.path, task);
  }

  private offers(extension: string): boolean {
    return this.requests.session.offers(extension, '1');
  }
}

/** `unknown`: the connection is lost, and it may be there. */
export async function removePartial(requests: SftpRequests, partial: string): Promise<'gone' | 'refused' | 'unknown'> {
  try {
    await requests.remove(partial);
    return 'gone';
  } catch (error) {
    if (!(error instanceof SftpRefusal)) return 'unknown';
    return error.code === STATUS.NO_SUCH_FILE ? 'gone' : 'refused';
  }
}

/** A "no" to what is not needed; anything else is passed on. */
export function unlessRefused(error: unknown): null {
  if (error instanceof SftpRefusal) return null;
  throw error;
}
