import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Principal } from './ids.ts';
import { uidOf } from './ids.ts';

/** Who reads which secret. A secret that two services share is the same text in a file of each. */
const READERS = {
  'internal-secret': ['api', 'bridge'],
  'oidc-client-secret': ['api', 'identities'],
  'session-secret': ['api'],
  'console-key': ['api'],
  'database-password': ['api'],
  'superuser-password': ['postgres'],
} as const satisfies Record<string, readonly Principal[]>;

export type SecretName = keyof typeof READERS;

/** The file of a secret for one of its readers. */
export function secretFile(secrets: string, reader: Principal, name: SecretName): string {
  return join(secrets, reader, name);
}

/**
 * Makes the secrets that do not exist yet: files of mode 0600 that belong to the service that reads them, in folders that
 * no service can write to. They stay the same over all later starts.
 */
export function makeSecrets(secrets: string): void {
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  chmodSync(secrets, 0o700);
  for (const [name, readers] of Object.entries(READERS) as [SecretName, readonly Principal[]][]) {
    const files = readers.map((reader) => secretFile(secrets, reader, name));
    const known = files.find((file) => existsSync(file));
    // 32 random bytes as hexadecimal digits: long enough for each of them, and the form the console key asks for.
    const value = known ? readFileSync(known, 'utf8') : randomBytes(32).toString('hex');
    readers.forEach((reader) => writeOnce(secretFile(secrets, reader, name), value, reader));
  }
}

function writeOnce(file: string, value: string, owner: Principal): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, value, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  give(file, owner);
}

/** Makes a path the service's own; nothing happens unless we are root. Never for paths in a folder a service can write. */
export function give(path: string, owner: Principal): void {
  const uid = uidOf(owner);
  if (uid !== null) chownSync(path, uid, uid);
}
