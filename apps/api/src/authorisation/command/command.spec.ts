import type { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { audited, standing, visitor } from '../testing/requests';
import { authoriseCommand } from './command';

describe('npm run authorise', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());

  async function run(subject: string, ...args: string[]) {
    const lines: string[] = [];
    const { host, port, user, database } = portal.config.database;
    const env = {
      DATABASE_URL: `postgresql://${user}@${host}:${port}/${database}`,
      DATABASE_PASSWORD_FILE: process.env['TEST_POSTGRES_PASSWORD_FILE'],
    };
    const whose = ['--issuer', portal.provider.issuer, '--subject', subject];
    const code = await authoriseCommand([...args, ...whose], env, (line) => void lines.push(line));
    return { code, text: lines.join('\n') };
  }

  it('makes the first administrator of somebody who signed in, and takes it back', async () => {
    const { browser, userId } = await visitor(portal, 'ina');
    expect(await run('ina', 'ADMIN')).toEqual({ code: 0, text: 'ADMIN granted' });
    expect((await standing(browser)).authorisations).toMatchObject([
      { role: 'ADMIN', source: 'decision', by: null, until: null },
    ]);
    await browser.send('POST', '/api/conditions/acceptance', { version: '1' });
    expect((await browser.get('/api/audit')).status).toBe(200);
    expect((await run('ina', 'ADMIN', '--end')).code).toBe(0);
    expect((await browser.get('/api/audit')).status).toBe(403);
    expect((await run('ina', 'ADMIN', '--end')).code).toBe(1);
    expect((await audited(admin, userId)).map(({ kind, actor }) => [kind, actor])).toEqual([
      ['role-granted', null],
      ['role-ended', null],
    ]);
  });

  it('leaves the last administrator', async () => {
    const held = `SELECT subject FROM identity i JOIN authorisation a ON a.user_id = i.user_id
      WHERE a.role = 'ADMIN' AND (a.expires_at IS NULL OR a.expires_at > now())`;
    const [last, ...others] = await portal.dataSource.query<{ subject: string }[]>(held);
    expect(others).toEqual([]);
    const { code, text } = await run(last?.subject ?? '', 'ADMIN', '--end');
    expect([code, text]).toEqual([1, expect.stringContaining('Nobody else would be an administrator then.')]);
    expect(await portal.dataSource.query(held)).toEqual([last]);
  });

  it('makes staff of beamlines until a day', async () => {
    const { browser } = await visitor(portal, 'tom');
    expect(
      (await run('tom', 'STAFF', '--beamlines', 'id11-diff,id16-xrf', '--until', '2999-01-01T00:00:00Z')).code,
    ).toBe(0);
    expect((await standing(browser)).authorisations).toMatchObject([
      { role: 'STAFF', beamlines: ['id11-diff', 'id16-xrf'], until: '2999-01-01T00:00:00.000Z' },
    ]);
  });

  it('says when nobody has that login', async () => {
    expect(await run('stranger', 'USER')).toEqual({
      code: 1,
      text: `nobody has signed in yet as 'stranger' of ${portal.provider.issuer}`,
    });
  });

  it.each([
    [[]],
    [['KING']],
    [['USER', 'ADMIN']],
    [['USER', '--until', '2020-01-01']],
    [['USER', '--until', 'soon']],
    [['USER', '--beamlines', 'id11-diff']],
    [['STAFF', '--beamlines', '']],
    [['USER', '--force']],
  ])('refuses %j and changes nothing', async (args) => {
    const { browser } = await visitor(portal, `x${Math.random()}`);
    const subject = ((await browser.get('/api/session')).body as { user: { name: string } }).user.name.replace(
      ' Tester',
      '',
    );
    const { code, text } = await run(subject, ...args);
    expect([code, text.includes('npm run authorise -- ROLE')]).toEqual([2, true]);
    expect((await standing(browser)).authorisations).toEqual([]);
  });
});
