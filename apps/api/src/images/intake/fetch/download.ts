import type { IncomingMessage } from 'node:http';
import { ImageRefusedError } from '../image-refused';
import type { FetchOptions, FetchRules } from '../types';
import { PartFile } from './part-file';
import { ask, ConnectionBroken, FetchWorld } from './request';

/** So often in a row nothing new may come before it is given up. */
const MOST_FRUITLESS = 5;
const FIRST_PAUSE_MS = 1000;

interface Order {
  url: string;
  part: PartFile;
  rules: FetchRules;
  signal: AbortSignal;
  progress: FetchOptions['progress'];
}

/** Fetches all of it, in as many goes as it takes. @returns the last address @throws ImageRefusedError */
export async function download(world: FetchWorld, order: Order): Promise<URL> {
  const { part, signal } = order;
  const state: { mark: string | null } = { mark: null };
  for (let fruitless = 0; ; fruitless++) {
    const before = part.bytes;
    try {
      return await go(world, order, state);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ConnectionBroken)) throw error;
      // What came can only be gone on with if the server has said by what to know it again.
      if (state.mark === null) await part.clear();
      if (part.bytes > before) fruitless = 0;
      if (fruitless + 1 >= MOST_FRUITLESS) throw new ImageRefusedError('SERVER_UNREACHABLE', error.message);
      await world.pause(FIRST_PAUSE_MS * 2 ** fruitless, signal);
    }
  }
}

async function go(world: FetchWorld, { url: first, part, rules, signal, progress }: Order, state: { mark: string | null }): Promise<URL> {
  const resume = part.bytes > 0 && state.mark !== null;
  const headers: Record<string, string> = resume ? { range: `bytes=${part.bytes}-`, 'if-range': state.mark ?? '' } : {};
  const { response, url } = await ask(world, { url: first, rules, headers, signal });
  try {
    const { statusCode = 0 } = response;
    if (statusCode === 416 || (statusCode === 206 && !goesOn(response, part.bytes))) {
      state.mark = null;
      throw new ConnectionBroken(`${url.host}: cannot go on at ${part.bytes}`);
    }
    judgeStatus(url, response, resume);
    if (statusCode === 200) {
      await part.clear();
      state.mark = markOf(response);
    }
    const totalBytes = totalOf(response, part.bytes);
    await takeAll(response, { part, rules, totalBytes, progress, signal });
    return url;
  } finally {
    response.destroy();
  }
}

function judgeStatus(url: URL, { statusCode = 0, headers }: IncomingMessage, resume: boolean): void {
  if (statusCode >= 500 || statusCode === 429) throw new ConnectionBroken(`${url.host}: status ${statusCode}`);
  const expected = statusCode === 200 || (resume && statusCode === 206);
  if (!expected) throw new ImageRefusedError('SERVER_REFUSED', `${url.host}: status ${statusCode}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new ImageRefusedError('SERVER_REFUSED', `${url.host}: sent as ${encoding}`);
}

/** Whether a part begins where the last ended (RFC 9110, 14.4). */
function goesOn({ headers }: IncomingMessage, from: number): boolean {
  return /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(headers['content-range'] ?? '')?.[1] === String(from);
}

/** What `If-Range` may name: never a weak one (RFC 9110, 13.1.5). */
function markOf({ headers }: IncomingMessage): string | null {
  const tag = headers.etag;
  return tag !== undefined && !tag.startsWith('W/') ? tag : (headers['last-modified'] ?? null);
}

function totalOf({ headers }: IncomingMessage, from: number): number | null {
  const length = headers['content-length'];
  return length !== undefined && /^\d+$/.test(length) ? from + Number(length) : null;
}

async function takeAll(
  response: IncomingMessage,
  { part, rules, totalBytes, progress, signal }: Omit<Order, 'url'> & { totalBytes: number | null },
): Promise<void> {
  const most = rules.fileMib * 1048576;
  const tooLarge = (bytes: number) => new ImageRefusedError('TOO_LARGE', `${bytes} bytes; ${rules.fileMib} MiB are allowed`);
  if (totalBytes !== null && totalBytes > most) throw tooLarge(totalBytes);
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      if (part.bytes + piece.length > most) throw tooLarge(part.bytes + piece.length);
      await part.add(piece);
      progress?.({ bytes: part.bytes, totalBytes });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ImageRefusedError) throw error;
    throw new ConnectionBroken(String(error));
  }
  if (!response.complete) throw new ConnectionBroken(`ended after ${part.bytes} of ${totalBytes ?? 'unknown'} bytes`);
}
