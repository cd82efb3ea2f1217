import { Catalogue } from '@beamdesk/catalogue';
import { EditableCatalogue } from '@beamdesk/catalogue/testing';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { changeInstance, CONSOLE_PASSWORD, seedInstance } from '../sessions/testing/seed-instance';
import { EventTab } from './testing/event-tab';
import { until } from './testing/until';

describe('GET /api/events', () => {
  let test: TestApp;
  let ada: { browser: TestBrowser; userId: string };
  let bo: { browser: TestBrowser; userId: string };
  const tabs: EventTab[] = [];

  beforeAll(async () => {
    test = await createTestApp({
      env: { ROLES: 'web' },
      override: (builder) => builder.overrideProvider(Catalogue).useValue(new EditableCatalogue()),
    });
    ada = await test.signedIn('ada');
    bo = await test.signedIn('bo');
  });
  afterAll(() => test.close());
  beforeEach(() => test.dataSource.query('DELETE FROM instance'));
  afterEach(() => tabs.splice(0).forEach((tab) => tab.socket.terminate()));

  const open = (browser: TestBrowser, headers: Record<string, string> = {}): EventTab => {
    const tab = new EventTab(test.url, browser.cookies(), headers);
    tabs.push(tab);
    return tab;
  };
  const opened = async (browser: TestBrowser): Promise<EventTab> => {
    const tab = open(browser);
    await until(() => tab.last);
    return tab;
  };
  const signedInAgain = async (sub: string): Promise<TestBrowser> => {
    const browser = test.browser();
    await browser.signIn({ sub, name: `${sub} Tester`, email: `${sub}@test.example` });
    return browser;
  };

  it('sends a snapshot first, then every change with the next number', async () => {
    const id = await seedInstance(test.app, ada.userId, { state: 'STARTING', tell: false });
    const tab = await opened(ada.browser);
    expect(tab.events).toMatchObject([
      { type: 'snapshot', seq: 1, instances: [{ id, state: 'STARTING' }], quota: { usage: { machines: 1 } } },
    ]);
    await changeInstance(test.dataSource, id, { state: 'READY' });
    await until(() => tab.events.length === 2);
    expect(tab.last).toMatchObject({
      type: 'instance',
      seq: 2,
      instance: { id, state: 'READY' },
      quota: { usage: { machines: 1 } },
    });
    await changeInstance(test.dataSource, id, { state: 'DELETED' });
    await until(() => tab.events.length === 3);
    expect(tab.last).toMatchObject({
      type: 'instance',
      seq: 3,
      instance: { id, state: 'DELETED' },
      quota: { usage: { machines: 0 } },
    });
  });

  it('keeps eight tabs of one person and three of another right, and lets nothing across', async () => {
    const second = await signedInAgain('ada');
    const adas = await Promise.all([ada, ada, ada, ada, ada, ada].map(({ browser }) => opened(browser)));
    adas.push(await opened(second), await opened(second));
    const bos = await Promise.all([bo, bo, bo].map(({ browser }) => opened(browser)));
    const ids: Record<string, string[]> = { ada: [], bo: [] };
    const act = async (who: 'ada' | 'bo', userId: string) => {
      for (let i = 0; i < 5; i++) {
        const id = await seedInstance(test.app, userId, { state: 'REQUESTED', proposalKey: `demo:Lumina:${who}-${i}` });
        ids[who]?.push(id);
        for (const state of ['BUILDING', 'STARTING', 'READY'] as const)
          await changeInstance(test.dataSource, id, { state });
        if (i % 2 === 0) await changeInstance(test.dataSource, id, { state: 'DELETED' });
      }
    };
    await Promise.all([act('ada', ada.userId), act('bo', bo.userId)]);
    const expected = (who: string) => Object.fromEntries([1, 3].map((i) => [ids[who]?.[i], 'READY']));
    await until(() => adas.every((tab) => Object.keys(tab.shown).length === 2 && sameAs(tab.shown, expected('ada'))));
    await until(() => bos.every((tab) => sameAs(tab.shown, expected('bo'))));
    for (const tab of [...adas, ...bos]) expect(tab.isNumbered).toBe(true);
    const texts = (list: EventTab[]) => JSON.stringify(list.map((tab) => tab.events));
    for (const id of ids['bo'] ?? []) expect(texts(adas)).not.toContain(id);
    for (const id of ids['ada'] ?? []) expect(texts(bos)).not.toContain(id);
    expect(texts(adas)).not.toMatch(new RegExp(`${CONSOLE_PASSWORD}|20001|console`));
  });

  it('tells a member of somebody else’s desktop, in the member’s own role', async () => {
    const tab = await opened(bo.browser);
    const id = await seedInstance(test.app, ada.userId);
    await test.dataSource.query(`INSERT INTO member VALUES ($1, $2, 'GUEST')`, [id, bo.userId]);
    await changeInstance(test.dataSource, id, { step: 'x' });
    await until(() => tab.events.length > 1);
    expect(tab.last).toMatchObject({
      type: 'instance',
      instance: { id, role: 'GUEST' },
      quota: { usage: { machines: 0 } },
    });
  });

  it('closes the tabs of the login session that signs out within two seconds, and no other', async () => {
    const other = await signedInAgain('ada');
    const kept = await opened(ada.browser);
    const ending = await Promise.all([opened(other), opened(other)]);
    await other.send('POST', '/api/auth/sign-out');
    const start = Date.now();
    await until(() => ending.every((tab) => tab.closed), 2_000);
    expect(ending.map((tab) => tab.closed?.code)).toEqual([4401, 4401]);
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(kept.closed).toBeNull();
  });

  it('closes within two seconds when the login session runs out', async () => {
    const other = await signedInAgain('ada');
    const tab = await opened(other);
    const sid = /s:([^.]+)\./.exec(decodeURIComponent(other.cookies()))?.[1];
    await test.dataSource.query('UPDATE login_session SET expire = now() WHERE sid = $1', [sid]);
    await until(() => tab.closed, 2_500);
    expect(tab.closed?.code).toBe(4401);
  });

  it('refuses who is not signed in, and who may not come in', async () => {
    const anonymous = open(test.browser());
    await until(() => anonymous.closed);
    expect(anonymous.closed?.code).toBe(4401);
    const { identity } = await test.person('eve', []);
    const eve = test.browser();
    await eve.signIn(identity);
    const tab = open(eve);
    await until(() => tab.closed);
    expect(tab.closed?.code).toBe(4403);
    expect([...anonymous.events, ...tab.events]).toEqual([]);
  });

  it.each([
    ['another origin', { Origin: 'http://evil.example' }, 403],
    ['no origin worth the name', { Origin: 'null' }, 403],
    ['another host', { Host: 'evil.example' }, 421],
  ])('gives nothing to a page of %s', async (_what, headers, status) => {
    const tab = open(ada.browser, headers);
    await until(() => tab.refused !== null);
    expect(tab.refused).toBe(status);
    expect(tab.events).toEqual([]);
  });

  it('takes 32 tabs of one login session, not 33', async () => {
    const browser = await signedInAgain('ada');
    const many: EventTab[] = [];
    for (let i = 0; i < 32; i++) many.push(await opened(browser));
    const last = open(browser);
    await until(() => last.closed);
    expect(last.closed?.code).toBe(1013);
    expect(many.filter((tab) => tab.closed)).toEqual([]);
    many[0]?.socket.terminate();
    await until(async () => (await opened(browser)).closed === null);
  });

  it('sends a fresh snapshot when the connection that hears changes was cut', async () => {
    const id = await seedInstance(test.app, ada.userId, { state: 'STARTING', tell: false });
    const tab = await opened(ada.browser);
    await test.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'beamdesk-api-feed' AND datname = current_database()`,
    );
    await changeInstance(test.dataSource, id, { state: 'READY' });
    await until(() => tab.shown[id] === 'READY');
    expect(tab.last?.type).toBe('snapshot');
    expect(tab.isNumbered).toBe(true);
    await changeInstance(test.dataSource, id, { state: 'STOPPING' });
    await until(() => tab.shown[id] === 'STOPPING');
  });

  it('lets the process end while tabs are open, and tells them to come back', async () => {
    const ending = await createTestApp({ env: { ROLES: 'web' } });
    const { browser } = await ending.signedIn('ada');
    const tab = new EventTab(ending.url, browser.cookies());
    await until(() => tab.last);
    const start = Date.now();
    await ending.close();
    expect(Date.now() - start).toBeLessThan(3_000);
    await until(() => tab.closed);
    expect(tab.closed?.code).toBe(1001);
  });
});

function sameAs(a: Record<string, string>, b: Record<string, string>): boolean {
  const sorted = (o: Record<string, string>) => JSON.stringify(Object.entries(o).sort());
  return sorted(a) === sorted(b);
}
