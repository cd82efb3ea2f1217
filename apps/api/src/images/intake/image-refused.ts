import { RefusalCode, refusals } from './refusal-codes';

/**
 * A file is not taken as an image. `code` is stable, `message` is for the person who gave it, `detail` is for the log and for
 * administrators: it may hold names out of the file, already made harmless, and never more than a few hundred characters.
 */
export class ImageRefusedError extends Error {
  readonly detail: string;

  constructor(
    readonly code: RefusalCode,
    detail: string,
  ) {
    super(refusals[code]);
    this.name = 'ImageRefusedError';
    this.detail = printable(detail, 400);
  }
}

/** Text out of a foreign file as it may stand in a log: on one line, without control characters, shortened. */
export function printable(text: string, longest: number): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
