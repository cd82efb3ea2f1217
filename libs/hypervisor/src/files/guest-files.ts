import type { Readable } from 'node:stream';

/**
 * `other`: a device, a pipe, a link that leads nowhere, or a name that is not UTF-8; it can be seen and not opened. Links count as what
 * they lead to.
 */
export type GuestFileKind = 'file' | 'folder' | 'other';

export interface GuestFile {
  /** Without its folder. Holds U+FFFD where the guest's bytes are not UTF-8. */
  name: string;
  kind: GuestFileKind;
  /** Bytes; 0 for what is not a file. */
  size: number;
  modifiedAt: Date;
}

export interface FolderListing {
  /** In no order. */
  entries: GuestFile[];
  /** There are more than were asked for. */
  truncated: boolean;
}

/** A file that is open for reading. */
export interface OpenedFile {
  readonly file: GuestFile;
  /**
   * Its bytes from `offset`, `length` of them; no more is asked of the guest than the reader takes. Fails with `incomplete` where the
   * file turns out to be shorter.
   */
  stream(offset: number, length: number): Readable;
  close(): Promise<void>;
}

export interface WriteOrder {
  /** How many bytes there will be: another number is a failure. */
  size: number;
  /** Whether a file of that name is replaced; otherwise it is a failure, found out before the first byte is taken. */
  overwrite: boolean;
}

/**
 * The files of one machine as its own user may use them: the guest decides what is permitted, and follows names; nobody on the host does.
 * Paths are absolute. Every method throws `GuestFilesError`. What one gets is one's own: `close` it.
 */
export abstract class GuestFiles {
  /** At most `most` entries, `.` and `..` and files that are being written left out. */
  abstract list(path: string, most: number): Promise<FolderListing>;
  /** Follows links. */
  abstract stat(path: string): Promise<GuestFile>;
  /** Only files are opened: a pipe would keep the guest waiting. */
  abstract read(path: string): Promise<OpenedFile>;
  /**
   * Writes under a name of its own beside, checks the length, has the guest store it for good, and renames: there is the whole file or
   * nothing. Takes content only as fast as the guest does. Ended by `signal`, or by content that fails: nothing is left behind.
   */
  abstract write(
    path: string,
    content: AsyncIterable<Buffer>,
    order: WriteOrder,
    signal?: AbortSignal,
  ): Promise<GuestFile>;
  /** `there`: it was a folder before. The folder it is in must exist. */
  abstract makeFolder(path: string): Promise<'made' | 'there'>;
  /** Bytes that the machine's user may still write there; null = nobody knows. */
  abstract space(path: string): Promise<number | null>;
  abstract close(): Promise<void>;
}

/** The longest name of a file that is being written, and how to know one. */
export const PARTIAL_NAME = /^\.beamdesk-[0-9a-f]{16}\.part$/;

/** Path of the folder that a path's last name is in. */
export const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/** Last name of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Path of a name in a folder. */
export const pathIn = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`;
