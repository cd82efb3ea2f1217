import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { TestBrowser } from '../../../test/app/browser';
import { FakeProvider } from '../../../test/identities/fake-provider';
import { freePort } from '../../../test/postgres/embedded-postgres';

interface Identities {
  issuer: string;
  subject: string;
}

describe('several identity providers at once', () => {
  let portal: TestApp;
  let keycloak: FakeProvider;
  let proxy: FakeProvider;
  let folder: string;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const start = (id: string, bareToken: boolean) =>
      FakeProvider.start(url, 'e'.repeat(64), { callback: `/api/auth/callback/${id}`, bareToken });
    [keycloak, proxy] = await Promise.all([start('keycloak', false), start('edugain', true)]);
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-providers-'));
    writeFileSync(join(folder, 'client.secret'), 'e'.repeat(64));
    const entry = (id: string, label: string, issuer: string, claims: string) =>
      `  - { id: ${id}, label: ${label}, issuer: '${issuer}', clientId: beamdesk, clientSecretFile: client.secret, claims: ${claims} }`;
    const lines = [
      entry('keycloak', 'Site account', keycloak.issuer, '{ groups: realm_access.roles }'),
      entry('edugain', 'eduGAIN', proxy.issuer, '{ subject: voperson_id }'),
      entry('gone', 'Gone', `http://localhost:${await freePort()}`, '{}'),
    ];
    writeFileSync(join(folder, 'providers.yaml'), `providers:\n${lines.join('\n')}\n`);
    portal = await createTestApp({ port, env: { IDENTITY_PROVIDERS_FILE: join(folder, 'providers.yaml') } });
  });
  afterAll(async () => {
    await portal?.close();
    await Promise.all([keycloak?.stop(), proxy?.stop()]);
    rmSync(folder, { recursive: true });
  });

  const session = async (browser: TestBrowser) =>
    (await browser.get('/api/session')).body as {
      user: { id: string; name: string; email: string } | null;
      providers: unknown;
    };
  const at = (id: string, provider: FakeProvider) => new TestBrowser(portal.url, provider, id);
  const identities = (userId: string | undefined) =>
    portal.dataSource.query<Identities[]>('SELECT issuer, subject FROM identity WHERE user_id = $1', [userId]);

  it('offers each of them, the one of the settings first', async () => {
    expect((await session(portal.browser())).providers).toMatchObject([
      { id: 'umbrella', label: 'UmbrellaID (test)' },
      { id: 'keycloak', label: 'Site account' },
      { id: 'edugain', label: 'eduGAIN' },
      { id: 'gone', label: 'Gone' },
    ]);
  });

  it('signs in at each, while one of them has never answered', async () => {
    expect((await portal.browser().get('/api/auth/sign-in?provider=gone')).location).toBe(
      '/welcome?error=SIGN_IN_UNAVAILABLE',
    );
    const ada = { sub: 'ada', name: 'Ada', email: 'ada@test.example' };
    for (const browser of [portal.browser(), at('keycloak', keycloak)]) {
      expect((await browser.signIn(ada)).location).toBe('/');
      expect((await session(browser)).user).toMatchObject({ name: 'Ada' });
    }
  });

  it('knows people by the stable id of the mapping, and asks the userinfo endpoint for what the token leaves out', async () => {
    const browser = at('edugain', proxy);
    await browser.signIn({
      sub: 'transient-1',
      voperson_id: 'bo@id.example',
      name: 'Bo Lindqvist',
      email: 'bo@test.example',
    });
    const { user } = await session(browser);
    expect(user).toMatchObject({ name: 'Bo Lindqvist', email: 'bo@test.example' });
    expect(await identities(user?.id)).toEqual([{ issuer: proxy.issuer, subject: 'bo@id.example' }]);
    const later = at('edugain', proxy);
    await later.signIn({ sub: 'transient-2', voperson_id: 'bo@id.example', name: 'Bo L.' });
    expect((await session(later)).user).toMatchObject({ id: user?.id, name: 'Bo L.' });
  });

  it('lets nobody in whom it could not know again', async () => {
    const browser = at('edugain', proxy);
    expect((await browser.signIn({ sub: 'nameless', name: 'N' })).location).toBe('/welcome?error=SIGN_IN_INCOMPLETE');
    expect((await session(browser)).user).toBeNull();
    expect(await portal.dataSource.query("SELECT 1 FROM identity WHERE subject = 'nameless'")).toEqual([]);
  });

  it('makes different people of the same subject and the same mail, verified or not, at two providers', async () => {
    const chen = { sub: 'chen', name: 'Chen', email: 'chen@test.example' };
    const { userId } = await portal.person('chen');
    const first = portal.browser();
    await first.signIn({ ...chen, email_verified: true });
    const second = at('keycloak', keycloak);
    await second.signIn({ ...chen, email_verified: true });
    expect((await session(first)).user?.id).toBe(userId);
    expect((await session(second)).user?.id).not.toBe(userId);
    expect(await second.get('/api/conditions')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
  });

  it('takes no answer by the way of another provider', async () => {
    const browser = at('keycloak', keycloak);
    const callback = new URL(await browser.towardsCallback({ sub: 'dana', name: 'Dana' }));
    expect(callback.pathname).toBe('/api/auth/callback/keycloak');
    callback.pathname = '/api/auth/callback/edugain';
    expect((await browser.get(callback.href)).location).toBe('/welcome?error=SIGN_IN_FAILED');
    expect((await session(browser)).user).toBeNull();
  });
});
