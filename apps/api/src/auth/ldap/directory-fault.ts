import { types } from 'node:util';

/**
 * A directory can't be asked at this moment, whoever wants to know.
 * - unreachable: no connection, or one that ended too early
 * - untrusted: no TLS with it, or a certificate that does not hold
 * - timeout: it took longer than the site allows
 * - refused: it answers, but not what we ask (the reader's password, the base, a plain connection …)
 */
export type DirectoryFaultReason = 'unreachable' | 'untrusted' | 'timeout' | 'refused';

export class DirectoryFault extends Error {
  constructor(
    readonly reason: DirectoryFaultReason,
    /** For the log and the commands; holds no password. */
    readonly detail: string,
    cause?: unknown,
  ) {
    super(`${reason}: ${detail}`, { cause });
    this.name = 'DirectoryFault';
  }
}

/** The result code of an answer that is not success (RFC 4511, 4.1.9); null: it is no answer. */
export function resultCode(error: unknown): number | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : null;
}

/** What went wrong on the way to the directory or in its answer. */
export function faultOf(error: unknown): DirectoryFault {
  if (error instanceof DirectoryFault) return error;
  const text = wordsOf(error);
  if (resultCode(error) !== null) return new DirectoryFault('refused', text, error);
  const code = (error as { code?: unknown } | null)?.code;
  const name = typeof code === 'string' && !text.includes(code) ? `${text} (${code})`.trim() : text;
  return new DirectoryFault(isAboutTls(code, text) ? 'untrusted' : 'unreachable', name, error);
}

const NETWORK = /^(E[A-Z]+|EAI_[A-Z]+)$/;

/** Node names faults of certificates by OpenSSL's words, and those of the network by errno's. */
function isAboutTls(code: unknown, text: string): boolean {
  if (typeof code === 'string')
    return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('EPROTO') || !NETWORK.test(code);
  return /certificate|\bTLS\b|\bSSL\b/.test(text);
}

/** An answer with the name of its code; any error in one line, because what a server says is not ours. */
export function wordsOf(error: unknown): string {
  // Asked by its shape: what the system throws may be of another realm.
  if (!types.isNativeError(error)) return oneLine(String(error));
  // Of a host with several addresses, none of which answered.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return wordsOf(error.errors[0]);
  return oneLine(resultCode(error) === null ? error.message : `${error.name.replace(/Error$/, '')}: ${error.message}`);
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
