import { readFileSync } from 'node:fs';
import { type DirectorySettings, directoryIssuer, Secret } from '../../src/config';
import { BASE, READER } from './directory-content';
import type { Slapd } from './slapd';

/** The settings that fit what `Slapd` serves, by StartTLS and with its reader. */
export function settingsOf(slapd: Slapd, change: Partial<DirectorySettings> = {}): DirectorySettings {
  return {
    id: 'site',
    label: 'a site account',
    issuer: directoryIssuer('site'),
    host: 'localhost',
    port: slapd.port,
    security: 'start-tls',
    ca: readFileSync(slapd.certificates.ca, 'utf8'),
    reader: { dn: READER.dn, password: new Secret(READER.password) },
    accounts: {
      base: `ou=people,${BASE}`,
      filter: '(uid={name})',
      subject: 'entryUUID',
      name: ['displayName', 'cn'],
      email: 'mail',
    },
    groups: null,
    timeoutMs: 5000,
    ...change,
  };
}
