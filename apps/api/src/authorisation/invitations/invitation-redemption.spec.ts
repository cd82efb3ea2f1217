import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { accept, handIn, inDays, invitation, invitations, made, offered } from '../testing/invitations';
import { asker, audited, standing, visitor } from '../testing/requests';

describe('an invitation, for whoever has its link', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  let staff: TestBrowser;
  let staffId: string;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
    ({ browser: staff, userId: staffId } = await portal.signedIn('dana', ['STAFF']));
  });
  afterAll(() => portal?.close());

  const holder = async (sub: string, code: string) => {
    const who = await visitor(portal, sub);
    await handIn(who.browser, code);
    return who;
  };

  it('outlives the sign-in, says what is offered by whom, and gives the role', async () => {
    const until = inDays(30);
    const { id, code } = await made(staff, { until });
    const { identity, userId } = await portal.person('eve', []);
    const browser = portal.browser();
    expect((await handIn(browser, code)).status).toBe(204);
    expect((await browser.get('/api/authorisation/invitation')).status).toBe(401);
    await browser.signIn(identity);
    const { name, reason } = invitation();
    expect((await offered(browser)).body).toMatchObject({ name, reason, role: 'USER', until, madeBy: 'dana Tester' });
    expect((await browser.get('/api/conditions')).status).toBe(403);
    expect((await accept(browser)).status).toBe(200);
    expect((await browser.get('/api/conditions')).status).toBe(200);
    expect((await standing(browser)).authorisations).toMatchObject([
      { role: 'USER', source: 'invitation', by: 'dana Tester', reason, until },
    ]);
    expect((await invitations(staff, 'closed')).find((one) => one.id === id)).toMatchObject({
      state: 'used',
      endedBy: 'eve Tester',
    });
    expect(await audited(admin, userId)).toMatchObject([
      { kind: 'invitation-accepted', actor: { id: userId }, details: { invitation: id } },
      { kind: 'role-granted', actor: { id: staffId }, details: { role: 'USER', source: 'invitation', until } },
    ]);
  });

  it('is accepted by one of several at once, and by that one again without effect', async () => {
    const { code } = await made(staff);
    const all = await Promise.all(Array.from({ length: 6 }, (_, n) => holder(`crowd ${n}`, code)));
    const answers = await Promise.all(all.map(({ browser }) => accept(browser)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
    const roles = await Promise.all(all.map(async ({ browser }) => (await standing(browser)).authorisations.length));
    expect(roles.reduce((sum, held) => sum + held)).toBe(1);
    const winner = all[answers.findIndex(({ status }) => status === 200)];
    if (!winner) throw new Error('nobody got it');
    expect((await accept(winner.browser)).status).toBe(200);
    expect((await audited(admin, winner.userId)).map(({ kind }) => kind)).toEqual(['invitation-accepted', 'role-granted']);
    const late = await holder('late', code);
    expect(await offered(late.browser)).toMatchObject({ status: 410, body: { code: 'INVITATION_USED' } });
  });

  it('answers an open request', async () => {
    const { code } = await made(staff);
    const { browser } = await asker(portal, 'asked');
    await handIn(browser, code);
    await accept(browser);
    expect((await standing(browser)).request).toMatchObject({ state: 'granted', answer: 'You accepted an invitation.' });
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['over', 'INVITATION_EXPIRED', (id) => portal.dataSource.query(`UPDATE invitation SET redeem_by = now() WHERE id = $1`, [id])],
    ['withdrawn', 'INVITATION_WITHDRAWN', (id) => staff.send('DELETE', `/api/invitations/${id}`)],
  ])('that is %s offers nothing', async (what, code, spoil) => {
    const invited = await made(staff);
    const { browser, userId } = await holder(`late ${what}`, invited.code);
    await spoil(invited.id);
    expect(await offered(browser)).toMatchObject({ status: 410, body: { code } });
    expect(await accept(browser)).toMatchObject({ status: 410, body: { code } });
    expect((await standing(browser)).authorisations).toEqual([]);
    expect(await audited(admin, userId)).toEqual([]);
  });

  it('goes with the role of who made it, and comes back with it', async () => {
    const { browser: leaver, userId } = await portal.signedIn('leaver', ['STAFF']);
    const { id, code } = await made(leaver);
    const { browser } = await holder('left', code);
    const staffUntil = (at: string) =>
      portal.dataSource.query(`UPDATE authorisation SET expires_at = ${at} WHERE user_id = $1`, [userId]);
    await staffUntil(`now() - interval '1 second'`);
    expect(await accept(browser)).toMatchObject({ status: 410, body: { code: 'INVITATION_WITHDRAWN' } });
    expect((await invitations(admin, 'closed')).find((one) => one.id === id)?.state).toBe('lapsed');
    await staffUntil('NULL');
    expect((await accept(browser)).status).toBe(200);
  });

  it('tells a stranger nothing of what a code is worth, and whoever signed in only that it is none', async () => {
    const { code } = await made(staff);
    const stranger = portal.browser();
    const right = await handIn(stranger, code);
    const wrong = await handIn(stranger, `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`);
    expect([right.status, right.text, wrong.status, wrong.text]).toEqual([204, '', 204, '']);
    const { browser } = await holder('guesser', 'A'.repeat(32));
    expect(await offered(browser)).toMatchObject({ status: 404, body: { code: 'INVITATION_UNKNOWN' } });
    expect(await accept(browser)).toMatchObject({ status: 404, body: { code: 'INVITATION_UNKNOWN' } });
    expect((await handIn(browser, '')).status).toBe(400);
  });

  it('is not for who made it, nor for a browser that followed no link', async () => {
    const { code } = await made(admin, { role: 'ADMIN' });
    await handIn(admin, code);
    expect(await accept(admin)).toMatchObject({ status: 403, body: { code: 'OWN_INVITATION' } });
    const { browser } = await visitor(portal, 'no link');
    expect(await offered(browser)).toMatchObject({ status: 404, body: { code: 'NO_INVITATION' } });
    expect(await accept(browser)).toMatchObject({ status: 404, body: { code: 'NO_INVITATION' } });
  });

  it('put away is forgotten by the browser, and good for another one', async () => {
    const { code } = await made(staff);
    const { browser } = await holder('not now', code);
    expect((await browser.send('DELETE', '/api/authorisation/invitation')).status).toBe(204);
    expect((await accept(browser)).status).toBe(404);
    expect((await accept((await holder('instead', code)).browser)).status).toBe(200);
  });

  it('does not pass from one person to the next in the same browser', async () => {
    const { code } = await made(staff);
    const { browser } = await holder('first', code);
    const { identity } = await portal.person('second', []);
    browser.forgetProvider();
    await browser.signIn(identity);
    expect(await offered(browser)).toMatchObject({ status: 404, body: { code: 'NO_INVITATION' } });
  });

  it('slows down who tries codes', async () => {
    const { browser } = await visitor(portal, 'eager');
    const tries = [];
    for (let n = 0; n < 21; n++) tries.push((await handIn(browser, `code ${n}`)).status);
    expect(tries.slice(0, 20)).toEqual(Array<number>(20).fill(204));
    expect(tries[20]).toBe(429);
  });
});
