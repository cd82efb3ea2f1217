import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { stringify } from 'yaml';
import type { TestBrowser } from '../app/browser';
import { createTestApp, type TestApp } from '../app/test-app';
import { BASE, PASSWORD, READER } from './directory-content';
import { Slapd } from './slapd';

/** What somebody who tries to sign in gets. */
export interface Tried {
  status: number;
  code: string | undefined;
  message: string | undefined;
  /** Whether the answer says when to come again. */
  retryAfter: boolean;
  browser: TestBrowser;
  /** How long it took. */
  ms: number;
}

/** The api with a slapd that it knows as several directories: `site` by StartTLS, others by TLS. */
export interface DirectoryPortal {
  portal: TestApp;
  slapd: Slapd;
  /** All that is logged. */
  logged: string[];
  /** @param provider without one a local account is meant */
  attempt(provider: string | undefined, name: string, password?: string): Promise<Tried>;
  who(browser: TestBrowser): Promise<{ id: string; name: string; email: string; roles: string[] } | null>;
  close(): Promise<void>;
}

export async function createDirectoryPortal(): Promise<DirectoryPortal> {
  const logged: string[] = [];
  for (const level of ['warn', 'error', 'log', 'debug'] as const) {
    const keep = (...words: unknown[]) => void logged.push(words.map(String).join(' '));
    jest.spyOn(Logger.prototype, level).mockImplementation(keep);
  }
  const slapd = await Slapd.start();
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-ldap-'));
  const reader = { dn: READER.dn, password: READER.password };
  writeFileSync(join(folder, 'reader.yaml'), stringify(reader), { mode: 0o600 });
  const file = join(folder, 'providers.yaml');
  writeFileSync(file, stringify({ providers: entries(slapd) }));
  const portal = await createTestApp({ env: { LOCAL_ACCOUNTS: 'on', IDENTITY_PROVIDERS_FILE: file } });
  return {
    portal,
    slapd,
    logged,
    attempt: attempts(portal),
    who: async (browser) => ((await browser.get('/api/session')).body as { user: never }).user,
    close: async () => {
      await portal.close();
      await slapd.stop();
      rmSync(folder, { recursive: true, force: true });
      jest.restoreAllMocks();
    },
  };
}

function entries(slapd: Slapd): object[] {
  const tls = `ldaps://localhost:${slapd.tlsPort}`;
  const entry = (id: string, url: string, accounts: object = {}, extra: object = {}) => ({
    kind: 'ldap',
    id,
    label: `a ${id} account`,
    url,
    caFile: slapd.certificates.ca,
    timeoutSeconds: 2,
    accounts: { base: `ou=people,${BASE}`, filter: '(uid={name})', ...accounts },
    ...extra,
  });
  const names = { [`cn=id11,ou=groups,${BASE}`]: 'id11-staff' };
  const read = { credentialsFile: 'reader.yaml', groups: { attribute: 'memberOf', names } };
  return [
    entry('site', `ldap://localhost:${slapd.port}`, {}, read),
    entry('tls', tls),
    entry('numbers', tls, { filter: '(employeeNumber={name})' }),
    entry('mails', tls, { filter: '(mail={name})' }),
    entry('idless', tls, { subject: 'uidNumber' }),
    entry('down', 'ldaps://localhost:1'),
  ];
}

/** Every try from a network of its own, so that one test does not use up what addresses are allowed. */
function attempts(portal: TestApp): DirectoryPortal['attempt'] {
  let network = 0;
  return async (provider, name, password = PASSWORD) => {
    const browser = portal.browser();
    const from = { 'X-Forwarded-For': `2001:db8:0:${(++network).toString(16)}::1` };
    const body = { ...(provider === undefined ? {} : { provider }), name, password };
    const before = performance.now();
    const answer = await browser.send('POST', '/api/auth/password', body, from);
    const { code, message } = (answer.body ?? {}) as { code?: string; message?: string };
    const retryAfter = answer.headers.get('retry-after') !== null;
    return { status: answer.status, code, message, retryAfter, browser, ms: performance.now() - before };
  };
}
