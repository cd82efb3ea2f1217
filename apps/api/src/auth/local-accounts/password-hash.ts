import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Argon2id (RFC 9106) by Node's own crypto, kept as a PHC string: `$argon2id$v=19$m=47104,t=1,p=1$SALT$HASH`. The cost is the
 * first of OWASP's equivalent choices; a stored hash says its own, so that it can be raised later.
 */
const COST: Cost = { memory: 47_104, passes: 1, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

interface Cost {
  /** KiB */
  memory: number;
  passes: number;
  parallelism: number;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,88})\$([A-Za-z0-9+/]{22,172})$/;

/** @returns a PHC string with a salt of its own */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return written(COST, salt, await derive(password, salt, COST, HASH_BYTES));
}

/**
 * In constant time once the hash is there.
 * @throws Error where `stored` is no PHC string of Argon2id; it says nothing of what it is
 */
export async function isPassword(stored: string, password: string): Promise<boolean> {
  const { cost, salt, hash } = read(stored);
  return timingSafeEqual(await derive(password, salt, cost, hash.length), hash);
}

/** Whether it was made at another cost than today's. */
export function isOutdated(stored: string): boolean {
  const { cost } = read(stored);
  return cost.memory !== COST.memory || cost.passes !== COST.passes || cost.parallelism !== COST.parallelism;
}

/** Of no password, at today's cost: who is not known takes as long to refuse as who is. */
export const NOBODYS_HASH = written(COST, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

function derive(password: string, salt: Buffer, cost: Cost, length: number): Promise<Buffer> {
  // The same letters count as the same however a keyboard puts them together (RFC 8265, 4.2).
  const parameters: Argon2Parameters = { message: password.normalize('NFC'), nonce: salt, tagLength: length, ...cost };
  return new Promise((done, failed) =>
    argon2('argon2id', parameters, (error, hash) => (error ? failed(error) : done(Buffer.from(hash)))),
  );
}

function written({ memory, passes, parallelism }: Cost, salt: Buffer, hash: Buffer): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(hash)}`;
}

function read(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const [, memory, passes, parallelism, salt = '', hash = ''] = PHC.exec(stored) ?? [];
  if (memory === undefined) throw new Error('a stored password is no PHC string of Argon2id');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}
