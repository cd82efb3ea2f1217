import type { Request } from 'express';
import { ApiError } from '../http/api-error';
import type { Transfer } from './transfers';

/** How long a browser may send nothing while it is listened to. */
const SILENCE_MS = 60_000;

/** How many bytes the body says it has. @throws ApiError 415, 411 LENGTH_REQUIRED, 413 FILE_TOO_LARGE */
export function announcedLength(request: Request, limitBytes: number): number {
  // Without a body there is no type to look at: an empty file.
  const length = request.headers['content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    throw new ApiError(411, 'LENGTH_REQUIRED', 'The size of the file has to be told with it (Content-Length).');
  }
  const size = Number(length);
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined ? type !== 'application/octet-stream' : size > 0) {
    throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send a file as application/octet-stream.');
  }
  if (size > limitBytes) {
    const message = `This file is too large: at most ${Math.floor(limitBytes / 1024 ** 2)} MiB can be sent at once.`;
    throw new ApiError(413, 'FILE_TOO_LARGE', message, { limitBytes });
  }
  return size;
}

/** The body as it comes, read no faster than it is taken. Fails when the browser falls silent or goes. */
export async function* bodyOf(request: Request, transfer: Transfer, silenceMs = SILENCE_MS): AsyncGenerator<Buffer> {
  // The answer still needs the connection when reading ends early.
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = (await within(chunks.next(), silenceMs)) as IteratorResult<Buffer>;
      if (next.done) return;
      transfer.moved(next.value.length);
      yield next.value;
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, 'REQUEST_CUT', 'The file did not arrive whole, so nothing was kept of it.');
  }
}

async function within<T>(what: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ApiError(408, 'TOO_SLOW', 'Nothing more of the file arrived, so the transfer was ended.')),
      ms,
    );
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
