import { until } from '../events/testing/until';
import { SessionSweeper } from './session-sweeper';
import { GUACD, SessionBench } from './testing/session-bench';
import { changeInstance } from './testing/seed-instance';

describe('a session', () => {
  let bench: SessionBench;

  beforeAll(async () => {
    bench = await SessionBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  it('goes on while everything is right, and keeps its figures', async () => {
    const id = await bench.connected();
    const input = new Date().toISOString();
    expect(await bench.renew(id, { bytesToClient: 1000, bytesFromClient: 50, lastInputAt: input })).toEqual({
      continue: true,
    });
    expect(await bench.renew(id)).toEqual({ continue: true });
    const [row] = await bench.test.dataSource.query('SELECT * FROM desktop_session WHERE id = $1', [id]);
    expect(row).toMatchObject({ bytes_to_client: '1000', bytes_from_client: '50', closed_at: null });
    expect(row.last_input_at.toISOString()).toBe(input);
    bench.catalogue.reachable = false;
    await changeInstance(bench.test.dataSource, bench.instance, { state: 'STARTING' });
    expect(await bench.renew(id)).toEqual({ continue: true });
  });

  it.each([
    ['Stop', { wanted: 'STOPPED' as const }, 523, 'STOPPED'],
    ['its end', { state: 'DELETED' as const }, 523, 'STOPPED'],
    ['a failure', { state: 'FAILED' as const }, 523, 'STOPPED'],
    ['a lost membership', { membershipLostAt: new Date() }, 771, 'NOT_A_MEMBER'],
  ])('ends with %s, at once and at the renewal', async (_what, change, status, code) => {
    const id = await bench.connected();
    const stream = await bench.internal.closings('b1');
    await changeInstance(bench.test.dataSource, bench.instance, change);
    await until(() => stream.lines.length > 0, 2_000);
    // Once for the change, and perhaps again because the stream had just begun.
    for (const line of stream.lines) expect(line).toEqual({ sessionId: id, status, code });
    stream.close();
    expect(await bench.renew(id)).toEqual({ continue: false, status, code });
    expect(await bench.renew(id)).toEqual({ continue: false, status: 522, code: 'SESSION_ENDED' });
  });

  it('makes way when its guest, which served it, was restarted and is ready again, and the next one connects anew', async () => {
    const { dataSource } = bench.test;
    await changeInstance(dataSource, bench.instance, { consoleProtocol: 'rdp', readyAt: new Date(Date.now() - 60_000) });
    const id = await bench.connected();
    await bench.internal.post(`/internal/sessions/${id}/opened`, GUACD);
    const stream = await bench.internal.closings('b1');
    await changeInstance(dataSource, bench.instance, { state: 'STARTING' });
    expect(await bench.renew(id)).toEqual({ continue: true });
    expect(stream.lines).toEqual([]);
    await changeInstance(dataSource, bench.instance, { state: 'READY', readyAt: new Date() });
    await until(() => stream.lines.length > 0, 2_000);
    expect(stream.lines[0]).toEqual({ sessionId: id, status: 520, code: 'GUEST_RESTARTED' });
    stream.close();
    expect(await bench.redeem(await bench.ticket())).toMatchObject({ action: 'connect', protocol: 'rdp' });
  });

  it('outlives a restart of its guest where the hypervisor serves it', async () => {
    const id = await bench.connected();
    await changeInstance(bench.test.dataSource, bench.instance, { readyAt: new Date() });
    expect(await bench.renew(id)).toEqual({ continue: true });
  });

  it('is named to a bridge that comes back after it had to end', async () => {
    const kept = await bench.connected();
    await bench.internal.post(`/internal/sessions/${kept}/opened`, GUACD);
    const ended = await bench.connected({ bridge: 'b3' });
    await changeInstance(bench.test.dataSource, bench.instance, { wanted: 'STOPPED' });
    const stream = await bench.internal.closings('b3');
    await until(() => stream.lines.length > 0);
    for (const line of stream.lines) expect(line).toEqual({ sessionId: ended, status: 523, code: 'STOPPED' });
    stream.close();
  });

  it('ends with a role that was taken back', async () => {
    const id = await bench.connected();
    await bench.test.dataSource.query('DELETE FROM authorisation WHERE user_id = $1', [bench.ada.userId]);
    expect(await bench.renew(id)).toEqual({ continue: false, status: 771, code: 'NOT_AUTHORISED' });
    await bench.test.dataSource.query(
      `INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, 'USER', 'test', 'test')`,
      [bench.ada.userId],
    );
  });

  it('ends at once, and nobody else’s with it, when the last role is taken back', async () => {
    const { dataSource } = bench.test;
    const { browser: admin } = await bench.test.signedIn('boss', ['ADMIN']);
    await dataSource.query(`INSERT INTO member VALUES ($1, $2, 'USER')`, [bench.instance, bench.bo.userId]);
    const kept = await bench.connected();
    const bos = bench.bo.browser;
    const lost = await bench.connected({ ticket: await bench.ticket(bos), cookie: bos.cookies() });
    const stream = await bench.internal.closings('b1');
    const [held] = await dataSource.query<{ id: string }[]>('SELECT id FROM authorisation WHERE user_id = $1', [
      bench.bo.userId,
    ]);
    expect((await admin.send('POST', `/api/authorisations/${held?.id}/end`, { reason: 'a test' })).status).toBe(204);
    await until(() => stream.lines.length > 0, 2_000);
    for (const line of stream.lines) expect(line).toEqual({ sessionId: lost, status: 771, code: 'NOT_AUTHORISED' });
    expect(await bench.renew(kept)).toEqual({ continue: true });
    stream.close();
    await dataSource.query('UPDATE authorisation SET expires_at = NULL WHERE user_id = $1', [bench.bo.userId]);
  });

  it('ends with the role that let support look on, although they stay a user', async () => {
    const { dataSource } = bench.test;
    await dataSource.query(`INSERT INTO member VALUES ($1, $2, 'SUPPORT')`, [bench.instance, bench.bo.userId]);
    await dataSource.query(
      `INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, 'SUPPORT', 'test', 'test')`,
      [bench.bo.userId],
    );
    const ticket = await bench.ticket(bench.bo.browser);
    const id = await bench.connected({ ticket, cookie: bench.bo.browser.cookies() });
    expect(await bench.renew(id)).toEqual({ continue: true });
    await dataSource.query(
      `UPDATE authorisation SET expires_at = now() - interval '1 second' WHERE user_id = $1 AND role = 'SUPPORT'`,
      [bench.bo.userId],
    );
    expect(await bench.renew(id)).toEqual({ continue: false, status: 771, code: 'NOT_A_MEMBER' });
    expect((await bench.redeem(ticket, { cookie: bench.bo.browser.cookies() })).action).toBe('refuse');
  });

  it('ends within two seconds of the sign-out, on its own bridge and no other', async () => {
    const other = await bench.signedInAgain('ada');
    const kept = await bench.connected();
    const ticket = await bench.ticket(other);
    const answer = bench.redeem(ticket, { cookie: other.cookies(), bridge: 'b2' });
    await bench.internal.post(`/internal/sessions/${kept}/opened`, GUACD);
    const ended = await answer;
    const [mine, others] = [await bench.internal.closings('b2'), await bench.internal.closings('b1')];
    await other.send('POST', '/api/auth/sign-out');
    const start = Date.now();
    await until(() => mine.lines.length > 0, 2_000);
    expect(Date.now() - start).toBeLessThan(2_000);
    const sessionId = ended.action === 'join' && ended.sessionId;
    for (const line of mine.lines) expect(line).toEqual({ sessionId, status: 769, code: 'SIGNED_OUT' });
    expect(others.lines).toEqual([]);
    expect(await bench.renew(kept)).toEqual({ continue: true });
    mine.close();
    others.close();
  });

  it('is ended by the sweeper when its renewals are missing, but not for our own absence', async () => {
    const id = await bench.connected();
    await bench.test.dataSource.query(`UPDATE desktop_session SET renewed_at = now() - interval '61 s'`);
    const sweeper = bench.test.app.get(SessionSweeper, { strict: false });
    await sweeper.sweep();
    expect(await bench.test.dataSource.query('SELECT closed_at FROM desktop_session')).toEqual([{ closed_at: null }]);
    await sweeper.sweep(Date.now() + 61_000);
    expect(await bench.test.dataSource.query('SELECT close_reason FROM desktop_session')).toEqual([
      { close_reason: 'RENEWALS_MISSING' },
    ]);
    expect(await bench.renew(id)).toEqual({ continue: false, status: 522, code: 'SESSION_ENDED' });
  });

  it('keeps the figures of its last seconds, which no renewal told', async () => {
    const id = await bench.connected();
    const [early, late] = ['2026-11-21T09:00:00.000Z', '2026-11-21T09:00:09.000Z'];
    await bench.renew(id, { bytesToClient: 10, bytesFromClient: 5, lastInputAt: early });
    const close = (lastInputAt: string | null, reason: string) =>
      bench.internal.post(`/internal/sessions/${id}/closed`, {
        bytesToClient: 20,
        bytesFromClient: 9,
        lastInputAt,
        reason,
      });
    expect((await close(late, 'BROWSER_CLOSED')).status).toBe(204);
    expect((await close(null, 'LATER')).status).toBe(204);
    const [row] = await bench.test.dataSource.query('SELECT * FROM desktop_session WHERE id = $1', [id]);
    expect(row).toMatchObject({ bytes_to_client: '20', bytes_from_client: '9', last_input_at: new Date(late) });
  });

  it('keeps its first reason when it is closed twice', async () => {
    const id = await bench.connected();
    for (const reason of ['TAB_CLOSED', 'LATER']) {
      const closed = await bench.internal.post(`/internal/sessions/${id}/closed`, {
        bytesToClient: 7,
        bytesFromClient: 3,
        reason,
      });
      expect(closed.status).toBe(204);
    }
    const [row] = await bench.test.dataSource.query('SELECT * FROM desktop_session WHERE id = $1', [id]);
    expect(row).toMatchObject({ close_reason: 'TAB_CLOSED', bytes_to_client: '7' });
  });
});
