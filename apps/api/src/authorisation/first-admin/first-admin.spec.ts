import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestBrowser } from '../../../test/app/browser';
import { createTestApp, type TestApp } from '../../../test/app/test-app';
import { visitor } from '../testing/requests';
import { FirstAdmin } from './first-admin';

describe('the first administrator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-first-admin-'));
  const file = join(folder, 'link');
  const link = () => readFileSync(file, 'utf8').trim();
  const codeOf = (text: string) => text.slice(text.indexOf('#') + 1);
  let portal: TestApp;
  let logged: string;

  beforeAll(async () => {
    const write = process.stdout.write.bind(process.stdout);
    const heard: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((...args) => {
      heard.push(String(args[0]));
      return write(...(args as Parameters<typeof write>));
    });
    portal = await createTestApp({ env: { FIRST_ADMIN_FILE: file, LOG_LEVEL: 'warn' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    spy.mockRestore();
    logged = heard.join('');
  });
  afterAll(async () => {
    await portal?.close();
    rmSync(folder, { recursive: true });
  });

  const accept = async (browser: TestBrowser, code: string): Promise<number> => {
    expect((await browser.send('POST', '/api/auth/invitation', { code })).status).toBe(204);
    return (await browser.send('POST', '/api/authorisation/invitation/acceptance')).status;
  };

  it('finds a link in a file that only its owner can read, and nothing of it in the log', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(link()).toMatch(/^http:\/\/localhost:\d+\/invitation#[\w-]{32}$/);
    expect(logged).toContain(file);
    expect(logged).not.toContain(codeOf(link()));
  });

  it('keeps the link over a restart, and makes another one where its file is lost', async () => {
    const first = link();
    const firstAdmin = portal.app.get(FirstAdmin);
    await firstAdmin.look(true);
    expect(link()).toBe(first);
    rmSync(file);
    await firstAdmin.look(false);
    expect(existsSync(file)).toBe(false);
    await firstAdmin.look(true);
    expect(link()).not.toBe(first);
    const { browser } = await visitor(portal, 'late');
    expect(await accept(browser, codeOf(first))).toBe(410);
  });

  it('makes another one when its time is over', async () => {
    const first = link();
    await portal.dataSource.query(`UPDATE invitation SET redeem_by = now() - interval '1 second' WHERE by_portal`);
    const { browser } = await visitor(portal, 'slow');
    expect(await accept(browser, codeOf(first))).toBe(410);
    await portal.app.get(FirstAdmin).look(false);
    expect(link()).not.toBe(first);
  });

  it('lets in one, as the administrator, and from then on nobody', async () => {
    const code = codeOf(link());
    const { browser: ada } = await visitor(portal, 'ada');
    const { browser: bob } = await visitor(portal, 'bob');
    const offer = async () => (await ada.get('/api/authorisation/invitation')).body;
    await ada.send('POST', '/api/auth/invitation', { code });
    expect(await offer()).toMatchObject({ role: 'ADMIN', madeBy: 'The portal', until: null });
    const answers = await Promise.all([accept(ada, code), accept(bob, code)]);
    expect([...answers].sort()).toEqual([200, 410]);
    const rows: { granted_by: string; role: string }[] = await portal.dataSource.query(
      `SELECT role, granted_by FROM authorisation WHERE role = 'ADMIN'`,
    );
    expect(rows).toEqual([{ role: 'ADMIN', granted_by: 'invitation' }]);
    await portal.app.get(FirstAdmin).look(false);
    expect(existsSync(file)).toBe(false);
  });

  it('is not offered where there is an administrator already', async () => {
    await portal.app.get(FirstAdmin).look(true);
    expect(existsSync(file)).toBe(false);
    const audit: { kind: string; actor_id: string | null }[] = await portal.dataSource.query(
      `SELECT kind, actor_id FROM audit_entry WHERE kind = 'invitation-made'`,
    );
    expect(audit).toEqual(Array(3).fill({ kind: 'invitation-made', actor_id: null }));
  });
});
