import { GuestFilesError } from '../errors';
import { untilAborted } from '../until-aborted';
import { CHUNK_BYTES, DEPTH } from './pipeline';
import { Handle, SftpRequests } from './requests';

export interface WriteWatch {
  /** Bytes that must come, no more and no fewer. */
  size: number;
  /** The server has these many more. */
  arrived: (bytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Writes content from the file's start, several requests at once, and takes more only when the server has taken what was before. Returns
 * when all of it is answered. @throws GuestFilesError incomplete: not `size` bytes; ended: by `signal`
 */
export async function writePipeline(
  requests: SftpRequests,
  handle: Handle,
  content: AsyncIterable<Buffer>,
  { size, arrived, signal }: WriteWatch,
): Promise<void> {
  const under = new Set<Promise<void>>();
  let failure: unknown = null;
  let offset = 0;
  const send = (data: Buffer): void => {
    const answer: Promise<void> = requests
      .write(handle, offset, data)
      .then(
        () => arrived(data.length),
        (error: unknown) => void (failure ??= error),
      )
      .then(() => void under.delete(answer));
    under.add(answer);
    offset += data.length;
  };
  try {
    for await (const bytes of untilAborted(content, signal)) {
      if (offset + bytes.length > size)
        throw new GuestFilesError('incomplete', `more than the ${size} bytes that were announced`);
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        while (under.size >= DEPTH) await Promise.race(under);
        if (failure) throw failure;
        send(bytes.subarray(at, at + CHUNK_BYTES));
      }
    }
  } finally {
    // Nothing may still be on its way to a handle that is closed next.
    await Promise.all(under);
  }
  if (failure) throw failure;
  if (offset < size) throw new GuestFilesError('incomplete', `${offset} of ${size} bytes`);
}
