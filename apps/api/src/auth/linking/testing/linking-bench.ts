import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountView } from '@beamdesk/contracts';
import { type Answer, TestBrowser } from '../../../../test/app/browser';
import { createTestApp, type TestApp, type TestAppOptions } from '../../../../test/app/test-app';
import { type FakeIdentity, FakeProvider } from '../../../../test/identities/fake-provider';
import { freePort } from '../../../../test/postgres/embedded-postgres';
import { LocalAccounts } from '../../local-accounts/local-accounts';

const SECRET = 'e'.repeat(64);

export interface LinkingBench {
  portal: TestApp;
  /** A second provider, `keycloak`, which tells groups. */
  keycloak: FakeProvider;
  /** Of every local account. */
  password: string;
  at(provider: 'keycloak'): TestBrowser;
  account(browser: TestBrowser): Promise<AccountView>;
  /** `user_account.id` of who is signed in there. */
  who(browser: TestBrowser): Promise<string | null>;
  /** Where a new login of `keycloak` would be added: the provider's page. */
  startLink(browser: TestBrowser): Promise<Answer>;
  /** The callback's URL of a link that was begun there, not asked for yet. */
  towardsLink(browser: TestBrowser, person: FakeIdentity): Promise<string>;
  /** The whole of it; where the browser ends. */
  link(browser: TestBrowser, person: FakeIdentity): Promise<string | null>;
  remove(browser: TestBrowser, id: string | undefined): Promise<Answer>;
  localAccount(name: string): Promise<void>;
  addByPassword(browser: TestBrowser, name: string, password?: string): Promise<Answer>;
  /** What the audit says of ways to sign in of a person, oldest first. */
  audit(userId: string): Promise<{ kind: string; actor: string | null; subject: string }[]>;
  /** How many of these logins are anybody's. */
  logins(...subjects: string[]): Promise<number>;
  close(): Promise<void>;
}

/** The api with two providers and local accounts. */
export async function linkingBench(options: TestAppOptions = {}): Promise<LinkingBench> {
  const port = await freePort();
  const keycloak = await FakeProvider.start(`http://localhost:${port}`, SECRET, {
    callback: '/api/auth/callback/keycloak',
  });
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-linking-'));
  const claims = '{ groups: realm_access.roles }';
  writeFileSync(join(folder, 'client.secret'), SECRET);
  writeFileSync(
    join(folder, 'providers.yaml'),
    `providers:\n  - { id: keycloak, label: Site account, issuer: '${keycloak.issuer}', clientId: beamdesk, clientSecretFile: client.secret, claims: ${claims} }\n`,
  );
  const env = { IDENTITY_PROVIDERS_FILE: join(folder, 'providers.yaml'), LOCAL_ACCOUNTS: 'on', ...options.env };
  const portal = await createTestApp({ ...options, port, env });
  const { dataSource } = portal;
  const password = 'correct horse battery';
  const startLink = (browser: TestBrowser) => browser.send('POST', '/api/account/ways', { provider: 'keycloak' });
  const towardsLink = async (browser: TestBrowser, person: FakeIdentity) => {
    const { redirect } = (await startLink(browser)).body as { redirect: string };
    return browser.follow(redirect, person, keycloak);
  };
  return {
    portal,
    keycloak,
    password,
    startLink,
    towardsLink,
    at: () => new TestBrowser(portal.url, keycloak, 'keycloak'),
    account: async (browser) => (await browser.get('/api/account')).body as AccountView,
    who: async (browser) => {
      const { user } = (await browser.get('/api/session')).body as { user: { id: string } | null };
      return user?.id ?? null;
    },
    link: async (browser, person) => (await browser.get(await towardsLink(browser, person))).location,
    remove: (browser, id) => browser.send('POST', '/api/account/ways/removal', { id }),
    localAccount: async (name) => {
      const accounts = portal.app.get(LocalAccounts);
      await accounts.create({
        name,
        displayName: `${name} Engineer`,
        email: null,
        oneTimePassword: 'good for one time only',
      });
      const hash = (await accounts.find(name))?.passwordHash ?? '';
      await accounts.setPassword(name, hash, password);
    },
    addByPassword: (browser, name, given = password) =>
      browser.send('POST', '/api/account/ways/password', { name, password: given }),
    audit: (userId) =>
      dataSource.query(
        `SELECT kind, actor_id AS actor, details ->> 'subject' AS subject FROM audit_entry
         WHERE subject_id = $1 AND kind LIKE 'identity-%' ORDER BY id`,
        [userId],
      ),
    logins: async (...subjects) =>
      (await dataSource.query<unknown[]>('SELECT 1 FROM identity WHERE subject = ANY($1)', [subjects])).length,
    close: async () => {
      await portal.close();
      await keycloak.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
