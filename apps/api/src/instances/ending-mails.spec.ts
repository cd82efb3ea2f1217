import { createTestApp, type TestApp } from '../../test/app/test-app';
import { seedInstance } from '../sessions/testing/seed-instance';
import { EndingMails } from './ending-mails';

const MINUTE_MS = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS);

describe('a desktop that comes to its end', () => {
  let portal: TestApp;
  let userId: string;
  beforeAll(async () => {
    // Nobody listens there: what is queued stays to be looked at.
    portal = await createTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'desk@portal.example' } });
    ({ userId } = await portal.person('ada'));
  });
  afterAll(() => portal?.close());
  beforeEach(() => portal.dataSource.query('TRUNCATE mail, instance CASCADE'));

  const seed = (expiresAt: Date | null, set: object = {}) =>
    seedInstance(portal.app, userId, {
      ...{ expiresAt, launchedAt: inMinutes(-480), proposalKey: `k${Math.random()}` },
      ...set,
    });
  const sweep = () => portal.app.get(EndingMails).sweep();
  const bodies = async () =>
    (await portal.dataSource.query<{ body: string }[]>('SELECT body FROM mail')).map(({ body }) => body);

  it('is told once by mail, and anew when its end is put off', async () => {
    const id = await seed(inMinutes(29));
    await Promise.all([sweep(), sweep()]);
    await sweep();
    const [body, ...more] = await bodies();
    expect(more).toEqual([]);
    expect(body).toContain(`${portal.url}/desktop/${id}`);
    expect(body).toContain('Its disk is thrown away');
    await portal.dataSource.query('UPDATE instance SET expires_at = $2 WHERE id = $1', [id, inMinutes(90)]);
    await sweep();
    expect(await bodies()).toHaveLength(1);
    await portal.dataSource.query('UPDATE instance SET expires_at = $2 WHERE id = $1', [id, inMinutes(25)]);
    await sweep();
    expect(await bodies()).toHaveLength(2);
  });

  it.each<[string, Date | null, object]>([
    ['has more than half an hour', inMinutes(31), {}],
    ['has ended', inMinutes(-1), {}],
    ['has no end', null, {}],
    ['is being stopped', inMinutes(10), { wanted: 'DELETED' }],
    ['is stopped', inMinutes(10), { state: 'STOPPED' }],
    ['lives for an hour only', inMinutes(20), { launchedAt: inMinutes(-40) }],
  ])('is not told where it %s', async (_what, expiresAt, set) => {
    await seed(expiresAt, set);
    await sweep();
    expect(await bodies()).toEqual([]);
  });
});
