import { createTestApp, TestApp } from '../../test/app/test-app';

describe('Conditions of Usage', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  it('are shown with their version', async () => {
    const { browser } = await portal.signedIn('ada');
    expect((await browser.get('/api/conditions')).body).toEqual({
      version: '1',
      text: 'Be kind to the machines.',
      publishedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('stand before everything else until they are accepted', async () => {
    const { identity } = await portal.person('bo');
    const browser = portal.browser();
    await browser.signIn(identity);
    expect(await browser.get('/api/quota')).toMatchObject({
      status: 403,
      body: { code: 'CONDITIONS_NOT_ACCEPTED', details: { version: '1' } },
    });
    expect((await browser.send('POST', '/api/conditions/acceptance', { version: '1' })).status).toBe(204);
    expect((await browser.get('/api/quota')).status).toBe(200);
  });

  it('are recorded once per version, however often they are accepted', async () => {
    const { browser, userId } = await portal.signedIn('chen');
    const rows = () => portal.dataSource.query<{ accepted_at: Date }[]>('SELECT accepted_at FROM conditions_acceptance WHERE user_id = $1', [userId]);
    const before = await rows();
    await browser.send('POST', '/api/conditions/acceptance', { version: '1' });
    expect(await rows()).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it('cannot be accepted in a version that is not the present one', async () => {
    const { browser, userId } = await portal.signedIn('dana');
    expect(await browser.send('POST', '/api/conditions/acceptance', { version: '0' })).toMatchObject({
      status: 409,
      body: { code: 'CONDITIONS_CHANGED', details: { version: '1' } },
    });
    expect(await portal.dataSource.query('SELECT version FROM conditions_acceptance WHERE user_id = $1', [userId])).toEqual([{ version: '1' }]);
  });

  it.each([[{}], [{ version: '' }], [{ version: 1 }], [{ version: '1', more: true }], ['[]']])('refuses %j', async (body) => {
    const { browser } = await portal.signedIn(`e${Math.random()}`);
    const answer = await browser.send('POST', '/api/conditions/acceptance', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  it('are asked for again in a new version', async () => {
    const { browser, userId } = await portal.signedIn('farid');
    await portal.dataSource.query(`UPDATE conditions_acceptance SET version = '0' WHERE user_id = $1`, [userId]);
    expect((await browser.get('/api/quota')).status).toBe(403);
    expect((await browser.get('/api/session')).body).toMatchObject({ conditions: { version: '1', accepted: false } });
  });
});
