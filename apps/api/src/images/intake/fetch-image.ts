import { lookup } from 'node:dns/promises';
import { basename } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { download } from './fetch/download';
import { PartFile } from './fetch/part-file';
import type { FetchWorld } from './fetch/request';
import { ImageRefusedError } from './image-refused';
import type { FetchImage } from './types';

const world: FetchWorld = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  pause: async (ms, signal) => void (await after(ms, undefined, { signal })),
};

/** `FetchImage` in a world of its own, for tests. */
export const fetchImageIn = (outside: FetchWorld): FetchImage => async (url, target, rules, { sha256, signal, progress }) => {
  const late = AbortSignal.timeout(rules.totalSeconds * 1000);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  const part = await PartFile.begin(target);
  try {
    const last = await download(outside, { url, part, rules, signal: either, progress });
    if (sha256 !== null && sha256.toLowerCase() !== part.sha256) {
      throw new ImageRefusedError('CHECKSUM_MISMATCH', `is ${part.sha256}, not ${sha256}`);
    }
    const fetched = { sha256: part.sha256, sizeBytes: part.bytes, name: nameOf(last) };
    await part.finish();
    return fetched;
  } catch (error) {
    signal?.throwIfAborted();
    if (late.aborted) throw new ImageRefusedError('SERVER_UNREACHABLE', `not done after ${rules.totalSeconds} s`);
    throw error;
  } finally {
    await part.end();
  }
};

/** See `FetchImage`. */
export const fetchImage: FetchImage = fetchImageIn(world);

function nameOf({ pathname }: URL): string {
  try {
    return basename(decodeURIComponent(pathname)).slice(0, 200);
  } catch {
    return '';
  }
}
