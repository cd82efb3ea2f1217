import { constants } from 'node:fs';
import { FileHandle, lstat, open } from 'node:fs/promises';
import { codeOf } from '../code-of';
import { ImageRefusedError } from '../image-refused';
import type { FileIdentity } from '../types';
import type { ByteSource } from './bytes';

export interface OpenFile extends ByteSource {
  identity: FileIdentity;
  close(): Promise<void>;
}

/**
 * Opens a foreign file for reading: an ordinary file only, and never through a link in its place. A pipe or a device is not even opened to
 * find out (nothing waits for a writer).
 * @throws ImageRefusedError NOT_A_FILE, IS_A_LINK, EMPTY, UNREADABLE, TOO_LARGE, CHANGED
 */
export async function openFile(path: string, largestMib: number): Promise<OpenFile> {
  const seen = await lstat(path).catch((error: unknown) => refuseUnreadable(path, error));
  if (seen.isSymbolicLink()) throw new ImageRefusedError('IS_A_LINK', path);
  if (!seen.isFile()) throw new ImageRefusedError('NOT_A_FILE', path);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: unknown) => refuseUnreadable(path, error));
  try {
    const { identity, file, size } = await identityOf(handle);
    if (!file) throw new ImageRefusedError('NOT_A_FILE', path);
    if (size === 0n) throw new ImageRefusedError('EMPTY', path);
    if (size > BigInt(largestMib) * 1048576n) {
      throw new ImageRefusedError('TOO_LARGE', `${path} has ${size} bytes; ${largestMib} MiB are allowed`);
    }
    return {
      size: Number(size),
      identity,
      read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Whether the file at `path` is still the one that was looked at. @throws ImageRefusedError CHANGED */
export async function sameFile(path: string, known: FileIdentity): Promise<void> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true }).catch((error: unknown) =>
    refuseUnreadable(path, error),
  );
  const now = identity({ dev, ino, size, mtimeNs, ctimeNs });
  const other = (Object.keys(now) as (keyof FileIdentity)[]).filter((name) => now[name] !== known[name]);
  if (other.length) throw new ImageRefusedError('CHANGED', `${path}: another ${other.join(', ')}`);
}

async function identityOf(handle: FileHandle): Promise<{ identity: FileIdentity; file: boolean; size: bigint }> {
  const stat = await handle.stat({ bigint: true });
  return { identity: identity(stat), file: stat.isFile(), size: stat.size };
}

type Stamps = Record<'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs', bigint>;

const identity = ({ dev, ino, size, mtimeNs, ctimeNs }: Stamps): FileIdentity => ({
  device: String(dev),
  inode: String(ino),
  size: String(size),
  modified: String(mtimeNs),
  changed: String(ctimeNs),
});

function refuseUnreadable(path: string, error: unknown): never {
  const code = codeOf(error);
  if (code === 'ELOOP') throw new ImageRefusedError('IS_A_LINK', path);
  throw new ImageRefusedError('UNREADABLE', `${path}: ${code || String(error)}`);
}
