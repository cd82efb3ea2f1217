import type { TicketView } from '@beamdesk/contracts';
import { SessionBench, KEY } from '../sessions/testing/session-bench';
import { changeInstance } from '../sessions/testing/seed-instance';

describe('a ticket', () => {
  let bench: SessionBench;

  beforeAll(async () => {
    bench = await SessionBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  it('is for one connection within 15 seconds, and its own text is stored nowhere', async () => {
    const answer = await bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`);
    const { ticket, expiresAt, path, protocol } = answer.body as TicketView;
    expect([path, protocol]).toEqual(['/desktop', 'vnc']);
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32);
    expect(new Date(expiresAt).getTime() - Date.now()).toBeGreaterThan(10_000);
    expect(new Date(expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(15_500);
    expect(JSON.stringify(await bench.test.dataSource.query('SELECT * FROM ticket'))).not.toContain(ticket);
  });

  it.each(['REQUESTED', 'BUILDING', 'STARTING', 'STOPPING', 'FAILED', 'STOPPED'] as const)(
    'is not given out while the desktop is %s',
    async (state) => {
      await changeInstance(bench.test.dataSource, bench.instance, { state });
      const answer = await bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`);
      expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_READY' } });
    },
  );

  it('is not given to others, for what is gone, or for what there never was', async () => {
    const missing = '7f1b0f4e-6b8a-4a53-9a0e-000000000000';
    for (const [browser, id] of [
      [bench.bo.browser, bench.instance],
      [bench.ada.browser, missing],
    ] as const) {
      expect(await browser.send('POST', `/api/instances/${id}/tickets`)).toMatchObject({ status: 404 });
    }
    expect(await bench.ada.browser.send('POST', '/api/instances/nonsense/tickets')).toMatchObject({ status: 400 });
    await changeInstance(bench.test.dataSource, bench.instance, { state: 'DELETED' });
    expect(await bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`)).toMatchObject({
      status: 404,
    });
    expect(await bench.test.dataSource.query('SELECT * FROM ticket')).toEqual([]);
  });

  it('is not given to somebody who left the team, nor while the catalogue cannot be asked', async () => {
    bench.catalogue.reachable = false;
    const unavailable = await bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`);
    expect(unavailable).toMatchObject({ status: 503, body: { code: 'CATALOGUE_UNAVAILABLE' } });
    bench.catalogue.reachable = true;
    bench.editable.expel(KEY, 'ada');
    expect(await bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`)).toMatchObject({
      status: 404,
    });
  });

  it('is given while the catalogue is down to whom it named a member lately', async () => {
    const ticket = () => bench.ada.browser.send('POST', `/api/instances/${bench.instance}/tickets`);
    const aged = (minutes: number) =>
      bench.test.dataSource.query('UPDATE catalogue_copy SET observed_at = now() - make_interval(mins => $1)', [minutes]);
    await bench.ada.browser.get('/api/proposals');
    bench.catalogue.reachable = false;
    await aged(239);
    expect(await ticket()).toMatchObject({ status: 201 });
    await aged(241);
    expect(await ticket()).toMatchObject({ status: 503, body: { code: 'CATALOGUE_UNAVAILABLE' } });
    bench.catalogue.reachable = true;
    bench.editable.expel(KEY, 'ada');
    expect(await ticket()).toMatchObject({ status: 404 });
    bench.catalogue.reachable = false;
    await aged(1);
    expect(await ticket()).toMatchObject({ status: 503, body: { code: 'CATALOGUE_UNAVAILABLE' } });
  });
});
