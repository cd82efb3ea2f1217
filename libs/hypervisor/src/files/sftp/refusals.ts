import { GuestFilesError, GuestFilesReason } from '../errors';
import { folderOf } from '../guest-files';
import { SftpRefusal, STATUS } from './protocol';
import { SftpRequests, Space } from './requests';

/** What was tried: decides what an unexplained "no" may mean. `name`: giving a file a name that must not be taken. */
export type Attempt = 'look' | 'open-folder' | 'read' | 'write' | 'name';

/** What is left in a folder: as the guest tells of its file system, and as a limit of the host has it, bytes; null = unknown. */
export interface Room {
  told: Space | null;
  limit: number | null;
}

/** Below this, a write that failed is taken to have failed for want of room. */
const NO_ROOM_BYTES = 1024 * 1024;
/** U+FFFD stands for bytes that are no UTF-8: the path would lead elsewhere. A lone surrogate has no UTF-8 at all. */
const UNUSABLE = /[\0\ufffd\p{Cs}]/u;

/**
 * Turns the server's "no" into a reason. Version 3 has one number for most of what can go wrong (a full disk, a name that is taken, a
 * folder that is none), so the server is asked what it is.
 */
export class Refusals {
  constructor(
    private readonly requests: SftpRequests,
    private readonly room: (folder: string) => Promise<Room>,
  ) {}

  /** @throws GuestFilesError for every refusal; other errors pass */
  async of<T>(attempt: Attempt, path: string, task: () => Promise<T>): Promise<T> {
    if (UNUSABLE.test(path)) throw new GuestFilesError('bad-name', 'a name that is not UTF-8');
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof SftpRefusal)) throw error;
      throw new GuestFilesError(await this.reasonOf(attempt, path, error.code), `${attempt}: ${error.message}`);
    }
  }

  /** The same for what is read piece by piece. */
  async *each<T>(pieces: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* pieces;
    } catch (error) {
      if (!(error instanceof SftpRefusal)) throw error;
      throw new GuestFilesError('not-permitted', `read: ${error.message}`);
    }
  }

  private async reasonOf(attempt: Attempt, path: string, code: number): Promise<GuestFilesReason> {
    // OpenSSH's number for ENOENT, and for ENOTDIR too.
    if (attempt === 'open-folder' && code !== STATUS.PERMISSION_DENIED && (await this.isThere(path)))
      return 'not-a-folder';
    if (code === STATUS.NO_SUCH_FILE) return 'not-found';
    if (code === STATUS.PERMISSION_DENIED) return 'not-permitted';
    // OpenSSH's number for EINVAL and ENAMETOOLONG.
    if (code === STATUS.BAD_MESSAGE) return 'bad-name';
    if (attempt === 'name' && (await this.isThere(path))) return 'exists';
    if (attempt === 'look') return 'not-found';
    return attempt !== 'read' && (await this.isFull(folderOf(path))) ? 'no-room' : 'not-permitted';
  }

  private async isThere(path: string): Promise<boolean> {
    return this.requests.stat(path).then(
      () => true,
      () => false,
    );
  }

  private async isFull(folder: string): Promise<boolean> {
    const { told, limit } = await this.room(folder).catch(() => ({ told: null, limit: null }));
    if (limit !== null && (limit < NO_ROOM_BYTES || told?.readOnly)) return true;
    return told !== null && !told.readOnly && told.freeBytes < NO_ROOM_BYTES;
  }
}
