import { GuestFilesError } from '../errors';
import { CHUNK_BYTES, DEPTH } from './pipeline';
import { Handle, SftpRequests } from './requests';

interface Piece {
  offset: number;
  length: number;
  data: Promise<Buffer | null>;
}

/** An open file's bytes in order, asked for ahead of the reader, and never further ahead than the pipeline is deep. */
export async function* readPipeline(
  requests: SftpRequests,
  handle: Handle,
  offset: number,
  length: number,
): AsyncGenerator<Buffer> {
  const ask = (from: number, count: number): Piece => {
    const data = requests.read(handle, from, count);
    // Whoever reads on hears of it; a reader that left does not.
    data.catch(() => undefined);
    return { offset: from, length: count, data };
  };
  const end = offset + length;
  const pieces: Piece[] = [];
  for (let next = offset; ;) {
    while (next < end && pieces.length < DEPTH) {
      const count = Math.min(CHUNK_BYTES, end - next);
      pieces.push(ask(next, count));
      next += count;
    }
    const piece = pieces.shift();
    if (!piece) return;
    const data = await piece.data;
    if (!data) throw new GuestFilesError('incomplete', `the file ended at ${piece.offset} of ${end}`);
    // A server may give less than it could.
    if (data.length < piece.length) pieces.unshift(ask(piece.offset + data.length, piece.length - data.length));
    yield data;
  }
}
