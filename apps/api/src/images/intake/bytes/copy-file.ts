import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { codeOf } from '../code-of';
import { ImageRefusedError } from '../image-refused';
import type { ByteSource } from './bytes';

const CHUNK = 1024 * 1024;

/** SHA-256 of all of it, hexadecimal. */
export async function hashFile(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces(source, signal)) hash.update(piece);
  return hash.digest('hex');
}

/** Copies it to a fresh file. @returns its SHA-256, hexadecimal @throws ImageRefusedError NO_ROOM, CHANGED */
export async function copyFile(
  source: ByteSource,
  target: string,
  signal: AbortSignal | undefined,
  progress: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(target, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of pieces(source, signal)) {
      hash.update(piece);
      await handle.writeFile(piece).catch(asRefusal);
      written += piece.length;
      progress(written);
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

async function* pieces(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(CHUNK);
  for (let at = 0; at < source.size; ) {
    signal?.throwIfAborted();
    const got = await source.read(buffer.subarray(0, Math.min(CHUNK, source.size - at)), at);
    if (got === 0) throw new ImageRefusedError('CHANGED', `ended after ${at} of ${source.size} bytes`);
    yield buffer.subarray(0, got);
    at += got;
  }
}

/** A full disk is told as such; anything else stays what it is. */
export function asRefusal(error: unknown): never {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new ImageRefusedError('NO_ROOM', code);
  throw error;
}
