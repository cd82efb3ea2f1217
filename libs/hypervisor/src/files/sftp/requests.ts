import { Attributes, readAttributes, readName } from './attributes';
import { string, u32, u64 } from './packet-writer';
import { ANSWER, ATTRIBUTE, EXTENSION, ProtocolViolation, REQUEST, SftpRefusal, STATUS } from './protocol';
import { SftpSession } from './sftp-session';

/** A file or folder that the server has open for us; meaningful to it alone. The draft allows 256 bytes. */
export type Handle = Buffer;
const LONGEST_HANDLE = 256;

export interface Space {
  freeBytes: number;
  readOnly: boolean;
}

export interface Listed {
  name: string;
  /** A path made of it leads there. */
  usable: boolean;
  attributes: Attributes;
}

/** Each request of the protocol as a function: its fields in, the fields of its answer out. */
export class SftpRequests {
  constructor(readonly session: SftpSession) {}

  open(path: string, flags: number): Promise<Handle> {
    return this.handle(REQUEST.OPEN, [string(path), u32(flags), u32(0)]);
  }

  openFolder(path: string): Promise<Handle> {
    return this.handle(REQUEST.OPENDIR, [string(path)]);
  }

  close(handle: Handle): Promise<void> {
    return this.done(REQUEST.CLOSE, [string(handle)]);
  }

  /** Null at the end of the file; may be fewer bytes than asked for, never none or more. */
  async read(handle: Handle, offset: number, length: number): Promise<Buffer | null> {
    const answer = await this.unlessEnd(
      this.session.request(REQUEST.READ, [string(handle), u64(offset), u32(length)], ANSWER.DATA),
    );
    if (!answer) return null;
    return this.checked(() => {
      const data = answer.string();
      answer.end();
      if (data.length === 0 || data.length > length)
        throw new ProtocolViolation(`${data.length} bytes where ${length} were asked for`);
      return data;
    });
  }

  write(handle: Handle, offset: number, data: Buffer): Promise<void> {
    return this.done(REQUEST.WRITE, [string(handle), u64(offset), u32(data.length), data]);
  }

  /** Follows links. */
  stat(path: string): Promise<Attributes> {
    return this.attributes(REQUEST.STAT, [string(path)]);
  }

  statOpen(handle: Handle): Promise<Attributes> {
    return this.attributes(REQUEST.FSTAT, [string(handle)]);
  }

  setMode(handle: Handle, mode: number): Promise<void> {
    return this.done(REQUEST.FSETSTAT, [string(handle), u32(ATTRIBUTE.PERMISSIONS), u32(mode)]);
  }

  /** Some more of a folder's names, `.` and `..` among them; null when there are no more. */
  async readFolder(handle: Handle): Promise<Listed[] | null> {
    const answer = await this.unlessEnd(this.session.request(REQUEST.READDIR, [string(handle)], ANSWER.NAME));
    if (!answer) return null;
    return this.checked(() => {
      const count = answer.u32();
      if (count === 0) throw new ProtocolViolation('no names, and not the end of them');
      const names: Listed[] = [];
      for (let i = 0; i < count; i++) {
        const { name, usable } = readName(answer.string());
        // What `ls -l` would say.
        answer.string();
        names.push({ name, usable, attributes: readAttributes(answer) });
      }
      answer.end();
      return names;
    });
  }

  makeFolder(path: string): Promise<void> {
    return this.done(REQUEST.MKDIR, [string(path), u32(0)]);
  }

  remove(path: string): Promise<void> {
    return this.done(REQUEST.REMOVE, [string(path)]);
  }

  /** Fails where `to` exists. */
  rename(from: string, to: string): Promise<void> {
    return this.done(REQUEST.RENAME, [string(from), string(to)]);
  }

  /** Replaces `to` in one step. */
  async renameOver(from: string, to: string): Promise<void> {
    await this.session.extended(EXTENSION.RENAME_OVER, [string(from), string(to)], ANSWER.STATUS);
  }

  /** Returns when the file lies on the disk. */
  async store(handle: Handle): Promise<void> {
    await this.session.extended(EXTENSION.STORE, [string(handle)], ANSWER.STATUS, true);
  }

  /** Bytes for others than root, and whether nothing can be written at all; null where there is nothing to count (`/proc`). */
  async space(path: string): Promise<Space | null> {
    const answer = await this.session.extended(EXTENSION.SPACE, [string(path)], ANSWER.EXTENDED_REPLY);
    return this.checked(() => {
      // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid, f_flag, f_namemax
      const [, fragment = 0n, blocks = 0n, , available = 0n, , , , , flags = 0n] = Array.from({ length: 11 }, () =>
        answer.u64(),
      );
      if (blocks === 0n) return null;
      const free = fragment * available;
      return {
        freeBytes: free > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(free),
        readOnly: (flags & 1n) === 1n,
      };
    });
  }

  private async handle(type: number, fields: Buffer[]): Promise<Handle> {
    const answer = await this.session.request(type, fields, ANSWER.HANDLE);
    return this.checked(() => {
      const handle = answer.string();
      answer.end();
      if (handle.length > LONGEST_HANDLE) throw new ProtocolViolation(`a handle of ${handle.length} bytes`);
      return Buffer.from(handle);
    });
  }

  private async attributes(type: number, fields: Buffer[]): Promise<Attributes> {
    const answer = await this.session.request(type, fields, ANSWER.ATTRS);
    return this.checked(() => {
      const attributes = readAttributes(answer);
      answer.end();
      return attributes;
    });
  }

  private async done(type: number, fields: Buffer[]): Promise<void> {
    await this.session.request(type, fields, ANSWER.STATUS);
  }

  private async unlessEnd<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof SftpRefusal && error.code === STATUS.EOF) return null;
      throw error;
    }
  }

  /** What can't be read ends the session for everybody: the next answer is no better. */
  private checked<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      throw this.session.violated(error);
    }
  }
}
