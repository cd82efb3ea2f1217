import { GUACD, KEY, SessionBench } from './testing/session-bench';
import { changeInstance, CONSOLE_PASSWORD } from './testing/seed-instance';

describe('redeeming a ticket', () => {
  let bench: SessionBench;

  beforeAll(async () => {
    bench = await SessionBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  it('answers where the console is, with its password and a session', async () => {
    const answer = await bench.redeem(await bench.ticket());
    expect(answer).toEqual({
      action: 'connect',
      sessionId: expect.any(String),
      readOnly: false,
      userName: 'ada Tester',
      protocol: 'vnc',
      host: '127.0.0.1',
      port: 20001,
      parameters: expect.objectContaining({ password: CONSOLE_PASSWORD }),
    });
    const [row] = await bench.test.dataSource.query('SELECT last_access_at FROM instance WHERE id = $1', [
      bench.instance,
    ]);
    expect(row.last_access_at).toBeInstanceOf(Date);
    expect(bench.ada.browser.received.join('')).not.toContain(CONSOLE_PASSWORD);
  });

  it('works once, also when asked ten times at once', async () => {
    const ticket = await bench.ticket();
    const answers = await Promise.all(Array.from({ length: 10 }, () => bench.redeem(ticket)));
    expect(answers.filter((a) => a.action === 'connect')).toHaveLength(1);
    expect(
      answers.filter((a) => a.action === 'refuse' && a.code === 'TICKET_INVALID' && a.status === 769),
    ).toHaveLength(9);
  });

  it('tells the bridge under which id the launch is in the logs', async () => {
    await bench.test.dataSource.query(`UPDATE instance SET request_id = 'click-1'`);
    expect(await bench.redeem(await bench.ticket())).toMatchObject({ action: 'connect', requestId: 'click-1' });
  });

  it('refuses an expired or invented ticket', async () => {
    const ticket = await bench.ticket();
    await bench.test.dataSource.query('UPDATE ticket SET expires_at = now()');
    for (const bad of [ticket, 'x', 'A'.repeat(43)])
      expect(await bench.redeem(bad)).toMatchObject({ code: 'TICKET_INVALID' });
  });

  it.each([
    ['nobody', () => ''],
    ['a forged cookie', () => 'beamdesk=s%3Aabc.def'],
  ])('refuses the ticket in the hands of %s', async (_who, cookie) => {
    expect(await bench.redeem(await bench.ticket(), { cookie: cookie() })).toMatchObject({
      status: 769,
      code: 'SIGNED_OUT',
    });
  });

  it('refuses the ticket in the hands of another person, and in another login session of the same one', async () => {
    expect(await bench.redeem(await bench.ticket(), { cookie: bench.bo.browser.cookies() })).toMatchObject({
      status: 769,
      code: 'TICKET_INVALID',
    });
    const second = await bench.signedInAgain('ada');
    expect(await bench.redeem(await bench.ticket(), { cookie: second.cookies() })).toMatchObject({
      status: 769,
      code: 'TICKET_INVALID',
    });
  });

  it.each(['http://evil.example', 'null', '', 'http://localhost:1'])(
    'refuses origin %j and uses the ticket up',
    async (origin) => {
      const ticket = await bench.ticket();
      expect(await bench.redeem(ticket, { origin })).toMatchObject({
        action: 'refuse',
        status: 771,
        code: 'WRONG_ORIGIN',
      });
      expect(await bench.redeem(ticket)).toMatchObject({ code: 'TICKET_INVALID' });
    },
  );

  it('checks everything again', async () => {
    const [first, second, third, fourth] = [
      await bench.ticket(),
      await bench.ticket(),
      await bench.ticket(),
      await bench.ticket(),
    ];
    await changeInstance(bench.test.dataSource, bench.instance, { wanted: 'DELETED' });
    expect(await bench.redeem(first)).toMatchObject({ status: 520, code: 'NOT_READY' });
    await changeInstance(bench.test.dataSource, bench.instance, { wanted: 'RUNNING' });
    bench.catalogue.reachable = false;
    expect(await bench.redeem(second)).toMatchObject({ status: 513, code: 'CATALOGUE_UNAVAILABLE' });
    bench.catalogue.reachable = true;
    bench.editable.expel(KEY, 'ada');
    expect(await bench.redeem(third)).toMatchObject({ status: 771, code: 'NOT_A_MEMBER' });
    await bench.test.dataSource.query('DELETE FROM conditions_acceptance WHERE user_id = $1', [bench.ada.userId]);
    expect(await bench.redeem(fourth)).toMatchObject({ status: 771, code: 'CONDITIONS_NOT_ACCEPTED' });
    await bench.ada.browser.send('POST', '/api/conditions/acceptance', { version: '1' });
    expect(await bench.test.dataSource.query('SELECT * FROM desktop_session')).toEqual([]);
  });

  it('lets whoever tries an image in as an administrator, which no catalogue has to know of, and not without', async () => {
    const { dataSource } = bench.test;
    const [first, second] = [await bench.ticket(), await bench.ticket()];
    await dataSource.query(`UPDATE instance SET service = 'trial', catalogue = 'trial', proposal_key = 'trial:x:1'`);
    expect(await bench.redeem(first)).toMatchObject({ status: 771, code: 'NOT_A_MEMBER' });
    await dataSource.query(`INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, 'ADMIN', 'command line', 'x')`, [
      bench.ada.userId,
    ]);
    expect(await bench.redeem(second)).toMatchObject({ action: 'connect' });
    await dataSource.query(`DELETE FROM authorisation WHERE user_id = $1 AND role = 'ADMIN'`, [bench.ada.userId]);
  });

  it('lets a second tab wait for the first one and join its connection, and later ones too', async () => {
    const first = await bench.redeem(await bench.ticket());
    if (first.action !== 'connect') throw new Error('expected connect');
    const waiting = bench.redeem(await bench.ticket());
    await new Promise((next) => setTimeout(next, 250));
    expect(await bench.internal.post(`/internal/sessions/${first.sessionId}/opened`, GUACD)).toMatchObject({
      status: 204,
    });
    expect(await waiting).toEqual({
      action: 'join',
      sessionId: expect.any(String),
      readOnly: false,
      userName: 'ada Tester',
      ...GUACD,
      console: {
        protocol: 'vnc',
        host: '127.0.0.1',
        port: 20001,
        parameters: expect.objectContaining({ password: CONSOLE_PASSWORD, 'clipboard-encoding': 'UTF-8' }),
      },
    });
    expect(bench.ada.browser.received.join('')).not.toContain(CONSOLE_PASSWORD);
    const { sessionId } = first;
    await bench.internal.post(`/internal/sessions/${sessionId}/closed`, {
      bytesToClient: 1,
      bytesFromClient: 1,
      reason: 'left',
    });
    expect(await bench.redeem(await bench.ticket())).toMatchObject({ action: 'join', ...GUACD });
  });

  it('connects anew once guacd does not know the connection any more', async () => {
    const orphan = await bench.connected();
    await bench.internal.post(`/internal/sessions/${orphan}/opened`, GUACD);
    const joined = await bench.redeem(await bench.ticket());
    if (joined.action !== 'join') throw new Error('expected join');
    await bench.internal.post(`/internal/sessions/${joined.sessionId}/closed`, {
      bytesToClient: 0,
      bytesFromClient: 0,
      reason: 'CONNECTION_GONE',
    });
    expect(await bench.redeem(await bench.ticket())).toMatchObject({ action: 'connect' });
    expect(await bench.renew(orphan)).toEqual({ continue: false, status: 522, code: 'SESSION_ENDED' });
  });

  it('makes one connection for two tabs at the same moment', async () => {
    const tickets = [await bench.ticket(), await bench.ticket(), await bench.ticket()];
    const answers = tickets.map((ticket) => bench.redeem(ticket));
    const first = await Promise.race(answers);
    if (first.action !== 'connect') throw new Error('expected connect');
    await bench.internal.post(`/internal/sessions/${first.sessionId}/opened`, GUACD);
    expect((await Promise.all(answers)).map((a) => a.action).sort()).toEqual(['connect', 'join', 'join']);
  });

  it('goes on alone when the first one fails', async () => {
    const first = await bench.connected();
    const waiting = bench.redeem(await bench.ticket());
    await bench.internal.post(`/internal/sessions/${first}/closed`, {
      bytesToClient: 0,
      bytesFromClient: 0,
      reason: 'failed',
    });
    expect(await waiting).toMatchObject({ action: 'connect' });
  });

  it('lets a GUEST look on, and never joins a guest to a connection with control', async () => {
    await bench.test.dataSource.query(`INSERT INTO member VALUES ($1, $2, 'GUEST')`, [bench.instance, bench.bo.userId]);
    await bench.internal.post(`/internal/sessions/${await bench.connected()}/opened`, GUACD);
    const answer = await bench.redeem(await bench.ticket(bench.bo.browser), { cookie: bench.bo.browser.cookies() });
    expect(answer).toMatchObject({ action: 'connect', readOnly: true });
    if (answer.action !== 'connect') throw new Error('expected connect');
    await bench.internal.post(`/internal/sessions/${answer.sessionId}/opened`, GUACD);
    const again = await bench.redeem(await bench.ticket(bench.bo.browser), { cookie: bench.bo.browser.cookies() });
    expect(again).toMatchObject({ action: 'join', readOnly: true });
    expect(JSON.stringify(again)).not.toContain(CONSOLE_PASSWORD);
  });
});
