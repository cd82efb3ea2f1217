import { pipeline } from 'node:stream/promises';
import type { GuestFile, OpenedFile } from '@beamdesk/hypervisor';
import type { Request, Response } from 'express';
import { ApiError } from '../http/api-error';
import { byteRange } from './byte-range';
import type { Transfer } from './transfers';

/**
 * Answers with the file, or the range of it that is asked for, as fast as it is taken. Rejects before the first byte, or when the
 * connection has been cut: half a file must not look whole.
 */
export async function sendFile(
  opened: OpenedFile,
  request: Request,
  response: Response,
  transfer: Transfer,
): Promise<void> {
  const { file } = opened;
  const tag = tagOf(file);
  const since = request.headers['if-range'];
  const range = byteRange(since === undefined || since === tag ? request.headers.range : undefined, file.size);
  if (range.kind === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.size}`);
    throw new ApiError(416, 'RANGE_NOT_SATISFIABLE', 'The file has no such part (any more).', { size: file.size });
  }
  response.attachment(file.name).setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', tag);
  const { from, length } = range.kind === 'part' ? range : { from: 0, length: file.size };
  response.status(range.kind === 'part' ? 206 : 200).setHeader('Content-Length', length);
  if (range.kind === 'part') response.setHeader('Content-Range', `bytes ${from}-${from + length - 1}/${file.size}`);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(opened.stream(from, length), (chunks) => counted(chunks, transfer), response, {
      signal: transfer.signal,
    });
  } catch (error) {
    // Who left needs no answer, and nobody has to know.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, transfer: Transfer): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    transfer.moved(chunk.length);
    yield chunk;
  }
}

/** Changes when the file does, as far as the guest tells. */
const tagOf = ({ size, modifiedAt }: GuestFile): string =>
  `"${size.toString(36)}-${modifiedAt.getTime().toString(36)}"`;
