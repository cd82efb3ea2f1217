import type { InstanceView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';
import { seedInstance } from '../sessions/testing/seed-instance';
import { ExpirySweeper } from './reconciler/expiry-sweeper';
import { InstancesRepository } from './instances.repository';

const MINUTE_MS = 60_000;

describe('POST /api/instances/:id/extend', () => {
  let house: DesktopApp;
  let browser: TestBrowser;
  let userId: string;
  beforeAll(async () => {
    house = await createDesktopApp();
    ({ browser, userId } = await house.signedIn('ada'));
  });
  afterAll(() => house?.close());
  beforeEach(() => house.api.dataSource.query('DELETE FROM instance'));

  const seed = async (extension: object | null, inMinutes = 30, set: object = {}) => {
    const expiresAt = new Date(Date.now() + inMinutes * MINUTE_MS);
    const id = await seedInstance(house.api.app, userId, { expiresAt, ...set });
    await house.api.dataSource.query(
      `UPDATE instance SET plan_snapshot = plan_snapshot || jsonb_build_object('extension', $2::jsonb) WHERE id = $1`,
      [id, JSON.stringify(extension)],
    );
    return { id, from: expiresAt.toISOString() };
  };
  const extend = (id: string, from: string, by = browser) => by.send('POST', `/api/instances/${id}/extend`, { from });
  const seenEnd = async (id: string) => ((await browser.get(`/api/instances/${id}`)).body as InstanceView).expiresAt;
  const later = (from: string, minutes: number) => new Date(Date.parse(from) + minutes * MINUTE_MS).toISOString();

  it('makes it longer as often as the plan says, tells the open page and the audit', async () => {
    const { id, from } = await seed({ minutes: 60, times: 2 });
    const tab = new EventTab(house.api.url, browser.cookies());
    await until(() => tab.last);
    const first = await extend(id, from);
    expect(first).toMatchObject({ status: 200, body: { expiresAt: later(from, 60), extensionsUsed: 1 } });
    await until(() => tab.last?.type === 'instance' && tab.last.instance.expiresAt === later(from, 60));
    tab.socket.terminate();
    expect(await extend(id, later(from, 60))).toMatchObject({ status: 200, body: { extensionsUsed: 2 } });
    expect(await extend(id, later(from, 120))).toMatchObject({
      status: 409,
      body: { code: 'EXTENSION_USED_UP', details: { times: 2 } },
    });
    expect(await seenEnd(id)).toBe(later(from, 120));
    const rows = await house.api.dataSource.query(
      `SELECT details ->> 'by' AS by FROM audit_entry WHERE kind = 'desktop-extended' AND details ->> 'desktop' = $1`,
      [id],
    );
    expect(rows).toEqual([{ by: 'plan' }, { by: 'plan' }]);
  });

  it('counts a wish once, however often it comes', async () => {
    const { id, from } = await seed({ minutes: 60, times: 5 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => extend(id, from)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await seenEnd(id)).toBe(later(from, 60));
    expect(answers.map(({ body }) => (body as InstanceView).extensionsUsed)).toEqual([1, 1, 1, 1]);
  });

  it('refuses a wish about an end that is not the present one', async () => {
    const { id, from } = await seed({ minutes: 60, times: 5 });
    const answer = await extend(id, later(from, -7));
    expect(answer).toMatchObject({ status: 409, body: { code: 'EXPIRY_CHANGED', details: { expiresAt: from } } });
    expect(await seenEnd(id)).toBe(from);
  });

  it.each<[string, object | null, number, object, string]>([
    ['the plan offers none', null, 30, {}, 'EXTENSION_NOT_OFFERED'],
    ['its time is over', { minutes: 60, times: 1 }, -1, {}, 'DESKTOP_ENDED'],
    ['it is being stopped', { minutes: 60, times: 1 }, 30, { wanted: 'STOPPED' }, 'DESKTOP_ENDED'],
    ['it has failed', { minutes: 60, times: 1 }, 30, { state: 'FAILED' }, 'DESKTOP_ENDED'],
  ])('refuses when %s', async (_what, extension, minutes, set, code) => {
    const { id, from } = await seed(extension, minutes, set);
    expect(await extend(id, from)).toMatchObject({ status: 409, body: { code } });
    expect(await seenEnd(id)).toBe(from);
  });

  it('refuses when the hours up to then are not there', async () => {
    const { id, from } = await seed({ minutes: 600, times: 1 });
    await house.api.dataSource.query(
      `INSERT INTO quota_override (subject_kind, subject_id, vcpu_minutes, reason, starts_at) VALUES ('user', $1, 500, 'x', now())`,
      [userId],
    );
    expect(await extend(id, from)).toMatchObject({ status: 409, body: { code: 'QUOTA_EXCEEDED' } });
    expect(await seenEnd(id)).toBe(from);
    await house.api.dataSource.query('DELETE FROM quota_override');
  });

  it('is nothing for others, and needs a time', async () => {
    const { id, from } = await seed({ minutes: 60, times: 1 });
    const { browser: other, userId: guest } = await house.signedIn('bo');
    expect(await extend(id, from, other)).toMatchObject({ status: 404 });
    await house.api.dataSource.query(`INSERT INTO member VALUES ($1, $2, 'USER')`, [id, guest]);
    expect(await extend(id, from, other)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    expect(await extend(id, 'soon')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await seenEnd(id)).toBe(from);
  });

  it('is not undone by the timer of the end before', async () => {
    const { id, from } = await seed({ minutes: 60, times: 1 }, 30);
    const instances = house.api.app.get(InstancesRepository);
    const sweeper = new ExpirySweeper(house.api.dataSource, instances);
    // Read as expired just before it was extended.
    const want = instances.want.bind(instances);
    await house.api.dataSource.query(`UPDATE instance SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    const spy = jest.spyOn(instances, 'want').mockImplementation(async (...args) => {
      await house.api.dataSource.query('UPDATE instance SET expires_at = $2 WHERE id = $1', [id, from]);
      return want(...args);
    });
    await sweeper.sweep('local');
    expect(spy).toHaveBeenCalledTimes(1);
    expect((await browser.get(`/api/instances/${id}`)).body).toMatchObject({ wanted: 'RUNNING' });
    spy.mockRestore();
  });
});
