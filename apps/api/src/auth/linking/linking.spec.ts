import type { AccountView } from '@beamdesk/contracts';
import { EventTab } from '../../events/testing/event-tab';
import { until } from '../../events/testing/until';
import { type LinkingBench, linkingBench } from './testing/linking-bench';

describe('ways to sign in', () => {
  let bench: LinkingBench;

  beforeAll(async () => (bench = await linkingBench()));
  afterAll(() => bench?.close());

  it('add a login of another provider to the person, who is the same whichever they sign in with', async () => {
    const { browser, userId } = await bench.portal.signedIn('ada');
    expect(await bench.link(browser, { sub: 'okafor', name: 'A. Okafor', realm_access: { roles: ['p1', 'p2'] } })).toBe(
      '/account?link=LINKED',
    );
    const { ways, changesUntil } = await bench.account(browser);
    expect(ways).toMatchObject([
      { provider: 'umbrella', label: 'UmbrellaID (test)', linkedBy: 'sign-in', present: true },
      {
        provider: 'keycloak',
        label: 'Site account',
        name: 'A. Okafor',
        subject: 'okafor',
        linkedBy: 'person',
        present: false,
      },
    ]);
    expect(ways[1]?.groups).toEqual(['p1', 'p2']);
    expect(Date.parse(changesUntil ?? '')).toBeGreaterThan(Date.now());
    const other = bench.at('keycloak');
    await other.signIn({ sub: 'okafor', name: 'A. Okafor' });
    expect(await bench.who(other)).toBe(userId);
    expect((await bench.account(other)).ways.map(({ present }) => present)).toEqual([false, true]);
  });

  it('are told of in the audit and to the open pages', async () => {
    const { browser, userId } = await bench.portal.signedIn('bo');
    const tab = new EventTab(bench.portal.url, browser.cookies());
    await until(() => tab.last !== undefined);
    await bench.link(browser, { sub: 'lindqvist', name: 'Bo' });
    await until(() => tab.authorisations === 1);
    const { ways } = await bench.account(browser);
    expect((await bench.remove(browser, ways[1]?.id)).status).toBe(200);
    await until(() => tab.authorisations === 2);
    tab.socket.close();
    expect(await bench.audit(userId)).toEqual([
      { kind: 'identity-linked', actor: userId, subject: 'lindqvist' },
      { kind: 'identity-unlinked', actor: userId, subject: 'lindqvist' },
    ]);
  });

  it('add a local account by its name and password', async () => {
    const { browser, userId } = await bench.portal.signedIn('chen');
    await bench.localAccount('engineer');
    const refused = await bench.addByPassword(browser, 'engineer', 'not the password');
    expect([refused.status, refused.body]).toMatchObject([401, { code: 'WRONG_PASSWORD' }]);
    const added = await bench.addByPassword(browser, 'engineer');
    expect((added.body as AccountView).ways[1]).toMatchObject({
      provider: 'local',
      kind: 'password',
      subject: 'engineer',
    });
    expect(await bench.addByPassword(browser, 'engineer')).toMatchObject({
      status: 409,
      body: { code: 'LINK_ALREADY_YOURS' },
    });
    const other = bench.portal.browser();
    await other.send('POST', '/api/auth/password', { name: 'engineer', password: bench.password });
    expect(await bench.who(other)).toBe(userId);
  });

  it('never come from a mail, verified by both providers or not', async () => {
    const mail = { email: 'dana@test.example', email_verified: true };
    const [first, second] = [bench.portal.browser(), bench.at('keycloak')];
    await first.signIn({ sub: 'dana', name: 'Dana', ...mail });
    await second.signIn({ sub: 'dana', name: 'Dana', ...mail });
    expect(await bench.who(first)).not.toBe(await bench.who(second));
    expect((await bench.account(first)).ways).toHaveLength(1);
  });

  it('stay another person’s who has anything, and move from one who has nothing', async () => {
    const { browser, userId } = await bench.portal.signedIn('eve');
    const theirs = bench.at('keycloak');
    await theirs.signIn({ sub: 'novak', name: 'Eve N.' });
    const other = (await bench.who(theirs)) ?? '';
    const asked = { affiliation: 'Lund', reason: 'I am to measure there', proposal: null, beamline: null };
    expect((await theirs.send('PUT', '/api/authorisation/request', asked)).status).toBe(200);
    expect(await bench.link(browser, { sub: 'novak', name: 'Eve N.' })).toBe('/account?link=LINK_OF_ANOTHER_PERSON');
    expect(await bench.who(theirs)).toBe(other);

    await bench.portal.dataSource.query('DELETE FROM authorisation_request WHERE user_id = $1', [other]);
    expect(await bench.link(browser, { sub: 'novak', name: 'Eve N.' })).toBe('/account?link=LINKED');
    expect(await bench.who(theirs)).toBeNull();
    expect(await bench.audit(other)).toEqual([{ kind: 'identity-unlinked', actor: userId, subject: 'novak' }]);
    await theirs.signIn({ sub: 'novak', name: 'Eve N.' });
    expect(await bench.who(theirs)).toBe(userId);
  });

  it('do not take somebody out of what was decided about them', async () => {
    const { browser } = await bench.portal.signedIn('finn');
    const theirs = bench.at('keycloak');
    await theirs.signIn({ sub: 'banned', name: 'Finn' });
    await bench.portal.dataSource.query(
      `INSERT INTO authorisation (user_id, role, source, granted_by, reason, expires_at, taken_back_by)
       VALUES ($1, 'USER', 'catalogue', 'catalogue', 'test', now(), $1)`,
      [await bench.who(theirs)],
    );
    expect(await bench.link(browser, { sub: 'banned', name: 'Finn' })).toBe('/account?link=LINK_OF_ANOTHER_PERSON');
  });

  it('stay with whom staff took a role from, who would come back as another person', async () => {
    const { browser, userId } = await bench.portal.signedIn('lars');
    await bench.link(browser, { sub: 'lars-2', name: 'L.' });
    await bench.portal.dataSource.query(
      `INSERT INTO authorisation (user_id, role, source, granted_by, reason, expires_at, taken_back_by)
       VALUES ($1, 'STAFF', 'decision', 'test', 'test', now(), $1)`,
      [userId],
    );
    const second = (await bench.account(browser)).ways[1];
    expect(await bench.remove(browser, second?.id)).toMatchObject({ status: 409, body: { code: 'WAY_KEPT' } });
    expect(await bench.logins('lars', 'lars-2')).toBe(2);
  });

  it('become one person’s where two people want a login at once', async () => {
    const people = await Promise.all([bench.portal.signedIn('gus'), bench.portal.signedIn('gil')]);
    const wanted = { sub: 'shared', name: 'G.' };
    await bench.at('keycloak').signIn(wanted);
    const outcomes = await Promise.all(people.map(({ browser }) => bench.link(browser, wanted)));
    expect(outcomes.sort()).toEqual(['/account?link=LINKED', '/account?link=LINK_OF_ANOTHER_PERSON']);
  });

  it('are removed, but not the one in use, not the last, and nobody else’s', async () => {
    const { browser } = await bench.portal.signedIn('hana');
    const [own] = (await bench.account(browser)).ways;
    expect(await bench.remove(browser, own?.id)).toMatchObject({ status: 409, body: { code: 'LAST_WAY' } });
    await bench.link(browser, { sub: 'hana-2', name: 'H.' });
    expect(await bench.remove(browser, own?.id)).toMatchObject({ status: 409, body: { code: 'WAY_IN_USE' } });
    const other = await bench.portal.signedIn('ivo');
    expect(await bench.remove(other.browser, own?.id)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await bench.account(browser)).ways).toHaveLength(2);
  });

  it('end with a removal: open sessions at once, and the next sign-in is another person', async () => {
    const { browser, userId } = await bench.portal.signedIn('jana');
    await bench.link(browser, { sub: 'jana-2', name: 'J.' });
    const second = bench.at('keycloak');
    await second.signIn({ sub: 'jana-2', name: 'J.' });
    const removed = await bench.remove(browser, (await bench.account(browser)).ways[1]?.id);
    expect((removed.body as AccountView).ways).toHaveLength(1);
    expect([await bench.who(second), await bench.who(browser)]).toEqual([null, userId]);
    await second.signIn({ sub: 'jana-2', name: 'J.' });
    expect(await bench.who(second)).not.toBe(userId);
  });

  it('leave one, however many are removed at once', async () => {
    const { browser } = await bench.portal.signedIn('kim');
    await bench.link(browser, { sub: 'kim-2', name: 'K.' });
    const second = bench.at('keycloak');
    await second.signIn({ sub: 'kim-2', name: 'K.' });
    const [a, b] = (await bench.account(browser)).ways;
    const answers = await Promise.all([bench.remove(browser, b?.id), bench.remove(second, a?.id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await bench.logins('kim', 'kim-2')).toBe(1);
  });
});
