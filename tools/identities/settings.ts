import { readFileSync } from 'node:fs';
import type { DemoPerson } from './people.ts';
import { readPeople } from './people.ts';

export interface Settings {
  listen: { host: string; port: number };
  /** Origin of the portal. */
  portal: URL;
  /** As it names itself; the portal's path `/oidc` unless it is a provider beside that one. */
  issuer: URL;
  /** Path of the portal that it sends browsers back to. */
  callback: string;
  /** What its pages are called. */
  label: string;
  clientId: string;
  clientSecret: string;
  keysFile: string;
  people: DemoPerson[];
}

/** Path of the issuer. */
export const MOUNT = '/oidc';

/** localhost, *.localhost, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** @throws Error in one line: a setting is missing or wrong, or the portal is not on a loopback host */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set`);
    return value;
  };
  const portal = new URL(need('PUBLIC_URL'));
  if (!isLoopback(portal.hostname)) {
    throw new Error(
      `PUBLIC_URL names ${portal.hostname}: demo identities let anybody in, so they run only where it names a loopback host`,
    );
  }
  const issuer = new URL(env['OIDC_ISSUER'] || new URL(MOUNT, portal));
  if (!isLoopback(issuer.hostname) || issuer.pathname !== MOUNT) {
    throw new Error(`OIDC_ISSUER must be http://LOOPBACK-HOST:PORT${MOUNT}`);
  }
  const listen = /^(.+):(\d{1,5})$/.exec(need('OIDC_LISTEN'));
  if (!listen?.[1] || !isLoopback(listen[1])) throw new Error('OIDC_LISTEN must be LOOPBACK-HOST:PORT');
  return {
    listen: { host: listen[1].replace(/^\[|\]$/g, ''), port: Number(listen[2]) },
    portal,
    issuer,
    callback: env['OIDC_CALLBACK_PATH'] || '/api/auth/callback',
    label: env['OIDC_LABEL'] || 'UmbrellaID (demo)',
    clientId: need('OIDC_CLIENT_ID'),
    clientSecret: readFileSync(need('OIDC_CLIENT_SECRET_FILE'), 'utf8').trim(),
    keysFile: need('OIDC_KEYS_FILE'),
    people: readPeople(need('DEMO_PEOPLE_FILE')),
  };
}
