import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a provider must keep over restarts, so that what it signed before stays good. */
export interface ProviderKeys {
  /** Private keys as a JSON Web Key Set. */
  jwks: { keys: JsonWebKey[] };
  cookieKeys: string[];
}

type JsonWebKey = Record<string, unknown>;

/** Reads the file, or makes it (0600) at the first start. */
export function providerKeys(file: string): ProviderKeys {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') };
    const keys: ProviderKeys = { jwks: { keys: [jwk] }, cookieKeys: [randomBytes(32).toString('hex')] };
    writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as ProviderKeys;
}
