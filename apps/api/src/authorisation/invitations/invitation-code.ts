import { createHash, randomBytes } from 'node:crypto';

/** 192 random bits, base64url: a new one-time code. */
export const newCode = (): string => randomBytes(24).toString('base64url');

/** SHA-256, hexadecimal: all that is stored of a code. */
export const hashOfCode = (code: string): string => createHash('sha256').update(code).digest('hex');
