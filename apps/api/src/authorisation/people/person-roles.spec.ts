import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { changeRole, endRole, grantRole, people, seen } from '../testing/people';
import { asker, audited, staffOf, standing, visitor } from '../testing/requests';

const soon = () => new Date(Date.now() + 86_400_000).toISOString();

describe('roles given and taken by hand', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  let adminId: string;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin, userId: adminId } = await portal.signedIn('boss', ['ADMIN']));
  });
  afterAll(() => portal?.close());
  const roleOf = async (userId: string) => (await seen(admin, userId)).roles[0];

  it('let somebody in, which answers their request', async () => {
    const { browser, userId } = await asker(portal, 'asked');
    const until = soon();
    expect((await grantRole(admin, userId, { role: 'STAFF', beamlines: ['id11-diff'], until })).status).toBe(204);
    expect(await standing(browser)).toMatchObject({
      authorisations: [{ role: 'STAFF', beamlines: ['id11-diff'], until, by: 'boss Tester' }],
      request: { state: 'granted' },
    });
  });

  it('get another end, at once', async () => {
    const { browser, userId } = await portal.signedIn('moved');
    const until = soon();
    expect((await changeRole(admin, (await roleOf(userId))?.id, { until })).status).toBe(204);
    expect((await standing(browser)).authorisations).toMatchObject([{ until }]);
    expect(await audited(admin, userId)).toMatchObject([
      { kind: 'role-changed', actor: { id: adminId }, details: { role: 'USER', until, reason: 'Stays on.' } },
    ]);
  });

  it('are taken back at once, once, and the person is told by whom and why', async () => {
    const { browser, userId } = await portal.signedIn('hugo');
    const held = await roleOf(userId);
    expect((await browser.get('/api/quota')).status).toBe(200);
    expect((await endRole(admin, held?.id)).status).toBe(204);
    expect(await browser.get('/api/quota')).toMatchObject({ status: 403, body: { code: 'NOT_AUTHORISED' } });
    expect((await standing(browser)).ended).toMatchObject({
      ...{ role: 'USER', by: 'boss Tester', reason: 'Left the team.', takenBack: true },
    });
    expect((await endRole(admin, held?.id)).status).toBe(404);
    expect((await changeRole(admin, held?.id)).status).toBe(404);
    expect(await audited(admin, userId)).toMatchObject([
      { kind: 'role-ended', actor: { id: adminId }, details: { role: 'USER', reason: 'Left the team.' } },
    ]);
  });

  it('that are over are no reason to tell of while another counts', async () => {
    const { browser, userId } = await portal.signedIn('two', ['USER', 'SUPPORT']);
    const support = (await seen(admin, userId)).roles.find(({ role }) => role === 'SUPPORT');
    await endRole(admin, support?.id);
    expect((await standing(browser)).ended).toBeNull();
  });

  it('are nobody’s own to give, change or take', async () => {
    const own = await roleOf(adminId);
    expect(await grantRole(admin, adminId, { role: 'STAFF' })).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    expect(await changeRole(admin, own?.id, { until: soon() })).toMatchObject({ status: 409, body: { code: 'OWN_ROLE' } });
    expect(await endRole(admin, own?.id)).toMatchObject({ status: 409, body: { code: 'OWN_ROLE' } });
    expect(await seen(admin, adminId)).toMatchObject({
      mayGrant: false,
      roles: [{ until: null, state: 'current', mayEnd: false, mayChange: false }],
    });
  });

  it('of staff are administrators’ to give, and what a catalogue gives theirs to take', async () => {
    const { browser: staff } = await portal.signedIn('staff', ['STAFF']);
    const { userId: other } = await portal.signedIn('colleague', ['STAFF']);
    const { userId: known } = await portal.signedIn('known');
    await portal.dataSource.query(`UPDATE authorisation SET source = 'catalogue' WHERE user_id = $1`, [known]);
    const refused = { status: 403, body: { code: 'ROLE_NOT_YOURS_TO_GRANT' } };
    expect(await grantRole(staff, other, { role: 'SUPPORT' })).toMatchObject(refused);
    expect(await endRole(staff, (await roleOf(other))?.id)).toMatchObject(refused);
    expect(await changeRole(staff, (await roleOf(other))?.id)).toMatchObject(refused);
    expect(await endRole(staff, (await roleOf(known))?.id)).toMatchObject(refused);
    expect(await changeRole(admin, (await roleOf(known))?.id)).toMatchObject({ status: 409, body: { code: 'CATALOGUE_DECIDES' } });
    expect((await roleOf(other))?.state).toBe('current');
    expect((await roleOf(known))?.state).toBe('current');
    expect((await people(staff)).roles).toEqual(['USER']);
    expect((await grantRole(staff, known)).status).toBe(204);
  });

  it('of people elsewhere are not staff’s of a beamline to touch', async () => {
    const { browser: staff } = await staffOf(portal, 'here', ['id11-diff']);
    const { userId } = await portal.signedIn('elsewhere');
    expect((await endRole(staff, (await roleOf(userId))?.id)).status).toBe(404);
    expect((await roleOf(userId))?.state).toBe('current');
  });

  it.each<[string, object]>([
    ['an end in the past', { until: '2020-01-01T00:00:00Z' }],
    ['beamlines for a USER', { beamlines: ['id11-diff'] }],
    ['a beamline that is none', { role: 'STAFF', beamlines: ['id99'] }],
    ['no reason', { reason: '' }],
    ['a role that is none', { role: 'ROOT' }],
  ])('are not given with %s', async (what, change) => {
    const { userId } = await visitor(portal, `bad ${what}`);
    expect(await grantRole(admin, userId, change)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect((await seen(admin, userId)).roles).toEqual([]);
  });

  describe('of administrators', () => {
    it('leave one, although two take each other’s at once', async () => {
      const lone = await createTestApp();
      try {
        const [one, two] = await Promise.all([lone.signedIn('one', ['ADMIN']), lone.signedIn('two', ['ADMIN'])]);
        const held = new Map(
          (await people(one.browser)).items.map(({ id, roles }) => [id, roles[0]?.id] as const),
        );
        const answers = await Promise.all([
          endRole(one.browser, held.get(two.userId)),
          endRole(two.browser, held.get(one.userId)),
        ]);
        expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
        const [left] = await lone.dataSource.query<{ n: number }[]>(
          `SELECT count(*)::int AS n FROM authorisation WHERE role = 'ADMIN' AND expires_at IS NULL`,
        );
        expect(left?.n).toBe(1);
      } finally {
        await lone.close();
      }
    });

    it('never end with the last of them', async () => {
      const lone = await createTestApp();
      try {
        const [one, two] = await Promise.all([lone.signedIn('one', ['ADMIN']), lone.signedIn('two', ['ADMIN'])]);
        const until = soon();
        const later = new Date(Date.parse(until) + 1_000).toISOString();
        await lone.dataSource.query(`UPDATE authorisation SET expires_at = $2 WHERE user_id = $1`, [one.userId, until]);
        const [held] = (await seen(one.browser, two.userId)).roles;
        const last = { status: 409, body: { code: 'LAST_ADMINISTRATOR' } };
        expect(await changeRole(one.browser, held?.id, { until: later })).toMatchObject(last);
        expect(await grantRole(one.browser, two.userId, { role: 'ADMIN', until: later })).toMatchObject(last);
        expect((await seen(one.browser, two.userId)).roles).toMatchObject([{ until: null }]);
        expect((await endRole(one.browser, held?.id)).status).toBe(204);
      } finally {
        await lone.close();
      }
    });
  });
});
