import { ApiError, messageOf } from '../../api/api-error';
import { byteWords } from './file-words';

/** Why a file did not arrive. */
export interface TransferFailure {
  /** Stable word: the api's, or one of this page's own (`BAD_NAME`, `UNREADABLE`, `SILENT`, `OFFLINE`). */
  readonly code: string;
  /** What happened and what to do. */
  readonly text: string;
  /** Trying the same again can't help. */
  readonly final?: boolean;
}

/** Pass by themselves as a rule, and are worth another try without asking. */
const PASSING: ReadonlySet<string> = new Set(['OFFLINE', 'UNAVAILABLE', 'TOO_MANY_TRANSFERS', 'TOO_MANY_REQUESTS']);
/** Concern every file alike: the rest would fail one by one. */
const FOR_ALL: ReadonlySet<string> = new Set([
  'OFFLINE',
  'UNAVAILABLE',
  'NOT_SIGNED_IN',
  'NOT_AUTHORISED',
  'CONDITIONS_NOT_ACCEPTED',
  'NOT_FOUND',
  'NOT_ALLOWED',
  'FILES_OFF',
  'FILES_UNAVAILABLE',
  'DESKTOP_NOT_READY',
]);
const FINAL: ReadonlySet<string> = new Set(['FILE_TOO_LARGE', 'BAD_PATH', 'FILES_OFF', 'NOT_ALLOWED']);

/** Where this page knows more than the server's sentence says, or none came. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  OFFLINE: 'The connection broke while the file was on its way; nothing of it was kept. Try again when it is back.',
  UNAVAILABLE: 'The portal did not answer; nothing of the file was kept. Try again in a moment.',
  NOT_SIGNED_IN: 'You are signed out. Sign in again in another tab, then try again here.',
};

export function passesByItself({ code }: TransferFailure): boolean {
  return PASSING.has(code);
}

export function concernsAll({ code }: TransferFailure): boolean {
  return FOR_ALL.has(code);
}

/** The words for whatever was thrown on the way. */
export function failureOf(error: unknown): TransferFailure {
  if (error instanceof TransferRefused) return error.failure;
  const { code, text } = messageOf(error);
  return { code, text: OWN_WORDS[code] ?? text, final: error instanceof ApiError && FINAL.has(code) };
}

/** Known to be in vain before anything is sent. */
export class TransferRefused extends Error {
  override readonly name = 'TransferRefused';

  constructor(readonly failure: TransferFailure) {
    super(failure.text);
  }
}

export function tooLarge(size: number, limit: number): TransferRefused {
  const text = `It has ${byteWords(size)}; at most ${byteWords(limit)} can be sent. Split it, or ask the facility for another way.`;
  return new TransferRefused({ code: 'FILE_TOO_LARGE', text, final: true });
}

export function noRoom(size: number, free: number): TransferRefused {
  const text = `It has ${byteWords(size)}, and there is room for ${byteWords(free)}. Remove something there, then try again.`;
  return new TransferRefused({ code: 'NO_ROOM', text });
}

export const UNREADABLE: TransferFailure = {
  code: 'UNREADABLE',
  text: 'Your computer does not let the page read it any more: it was moved, changed or removed. Choose it again.',
  final: true,
};

export const SILENT: TransferFailure = {
  code: 'SILENT',
  text: 'Nothing moved for 3 minutes, so it was given up; nothing of it was kept. Look at your line, then try again.',
};
