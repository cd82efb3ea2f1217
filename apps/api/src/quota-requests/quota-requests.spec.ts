import type {
  QuotaRequestDecision,
  QuotaRequestsPage,
  QuotaRequestView,
  QuotaRequestWish,
  QuotaView,
} from '@beamdesk/contracts';
import type { Answer, TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';
import { SmtpSink } from '../mail/testing/smtp-sink';
import { seedInstance } from '../sessions/testing/seed-instance';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('a request for more quota or a longer life', () => {
  let sink: SmtpSink;
  let house: DesktopApp;
  let admin: TestBrowser;
  let here: TestBrowser;
  let elsewhere: TestBrowser;
  let count = 0;

  const staffOf = async (sub: string, beamlines: string[]) => {
    const { browser, userId } = await house.signedIn(sub, ['STAFF']);
    await house.api.dataSource.query('UPDATE authorisation SET beamlines = $2 WHERE user_id = $1', [userId, beamlines]);
    return browser;
  };

  beforeAll(async () => {
    sink = await SmtpSink.start();
    house = await createDesktopApp({
      env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_FROM: 'desk@portal.example' },
    });
    ({ browser: admin } = await house.signedIn('boss', ['ADMIN']));
    here = await staffOf('here', ['id11-diff']);
    elsewhere = await staffOf('elsewhere', ['bm18-tomo']);
  });
  afterAll(async () => {
    await house?.close();
    await sink?.close();
  });

  /** Somebody with a proposal at id11-diff. */
  async function asker(): Promise<{ browser: TestBrowser; userId: string; proposal: string; sub: string }> {
    const sub = `user-${++count}`;
    const proposal = house.proposal(`P-${count}`, [sub]);
    const { browser, userId } = await house.signedIn(sub);
    await browser.get('/api/proposals');
    return { browser, userId, proposal, sub };
  }
  const more = (change: Partial<Extract<QuotaRequestWish, { kind: 'QUOTA' }>> = {}): QuotaRequestWish => ({
    ...{ kind: 'QUOTA', proposal: null, amounts: { machines: 4, vcpus: 8 }, until: inHours(48), reason: 'Two samples.' },
    ...change,
  });
  const ask = (browser: TestBrowser, wish: object): Promise<Answer> => browser.send('POST', '/api/quota-requests', wish);
  async function asked(browser: TestBrowser, wish: object = more()): Promise<QuotaRequestView> {
    const answer = await ask(browser, wish);
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as QuotaRequestView;
  }
  const own = async (browser: TestBrowser) => (await browser.get('/api/quota-requests')).body as QuotaRequestView[];
  const seen = async (browser: TestBrowser, state = 'open') =>
    ((await browser.get(`/api/quota-requests/for-staff?state=${state}&limit=100`)).body as QuotaRequestsPage).items;
  const decide = (browser: TestBrowser, id: string, decision: QuotaRequestDecision) =>
    browser.send('POST', `/api/quota-requests/${id}/decision`, decision);
  const grant = (change: object = {}): QuotaRequestDecision => ({
    ...{ decision: 'grant', amounts: null, until: inHours(24), text: null },
    ...change,
  });
  const limits = async (browser: TestBrowser) => ((await browser.get('/api/quota')).body as QuotaView).limits;
  const audited = async (userId: string) =>
    (
      await house.api.dataSource.query<{ kind: string }[]>(
        `SELECT kind FROM audit_entry WHERE subject_id = $1 AND kind NOT IN ('sign-in', 'role-granted') ORDER BY id`,
        [userId],
      )
    ).map(({ kind }) => kind);
  const mailsTo = (sub: string) => sink.mails.filter(({ to }) => to[0] === `${sub}@test.example`);

  describe('for quota', () => {
    it('is listed for who asked, and for the staff of the beamline with what is in force', async () => {
      const { browser, userId } = await asker();
      const { id } = await asked(browser);
      expect(await own(browser)).toMatchObject([{ id, state: 'OPEN', wanted: { machines: 4, vcpus: 8 } }]);
      const found = (await seen(here)).find((one) => one.id === id);
      expect(found).toMatchObject({ person: { id: userId }, own: false, desktop: null, proposal: null });
      expect(found?.standing).toContainEqual({ name: 'vcpus', limit: 4, used: 0 });
      expect((await seen(admin)).map((one) => one.id)).toContain(id);
      expect((await seen(elsewhere)).map((one) => one.id)).not.toContain(id);
      const { browser: other } = await asker();
      expect(await own(other)).toEqual([]);
    });

    it('granted in part raises the limits at once, tells the open page and the mailbox, and is in the audit', async () => {
      const { browser, userId, sub } = await asker();
      const tab = new EventTab(house.api.url, browser.cookies());
      await until(() => tab.last);
      const { id } = await asked(browser);
      const answer = await decide(here, id, grant({ amounts: { machines: 3 }, text: 'Three will do.' }));
      expect(answer.status).toBe(204);
      expect(await limits(browser)).toMatchObject({ machines: 3, vcpus: 4 });
      await until(() => tab.requests >= 2);
      await until(() => tab.last?.type === 'quota' && tab.last.quota.limits.machines === 3);
      tab.socket.terminate();
      expect((await own(browser))[0]).toMatchObject({ state: 'GRANTED', granted: { machines: 3 }, answer: 'Three will do.' });
      expect(await audited(userId)).toEqual(['quota-request-made', 'quota-changed', 'quota-request-granted']);
      await until(() => mailsTo(sub).length === 1);
      const raw = mailsTo(sub)[0]?.raw.replaceAll('=\r\n', '') ?? '';
      expect(raw).toContain('Three will do.');
      expect(raw).toMatch(/asked for: 4 machines, 8 vCPUs/);
      expect(raw).toMatch(/Granted: 3 machines/);
      const [entry] = (await seen(here, 'decided')).filter((one) => one.id === id);
      expect(entry).toMatchObject({ decidedBy: 'here Tester', state: 'GRANTED' });
    });

    it('for a proposal is for the staff of its beamline, whoever asks', async () => {
      const { browser, proposal } = await asker();
      const { id } = await asked(browser, more({ proposal, amounts: { gpus: 2 } })).catch(() => ({ id: '' }));
      // No limit of proposals is in force here, so nothing more can be had.
      expect(id).toBe('');
      await house.api.dataSource.query(
        `INSERT INTO quota_override (subject_kind, subject_id, gpus, reason, starts_at) VALUES ('proposal', $1, 1, 'x', now())`,
        [proposal],
      );
      const made = await asked(browser, more({ proposal, amounts: { gpus: 2 } }));
      expect(made.proposal).toMatchObject({ key: proposal });
      expect((await seen(elsewhere)).map((one) => one.id)).not.toContain(made.id);
      expect((await decide(here, made.id, grant())).status).toBe(204);
    });

    it('is refused with a text, by mail too', async () => {
      const { browser, sub } = await asker();
      const { id } = await asked(browser);
      expect((await decide(here, id, { decision: 'refuse', text: 'Not in this week.' })).status).toBe(204);
      expect((await own(browser))[0]).toMatchObject({ state: 'REFUSED', answer: 'Not in this week.', granted: null });
      expect(await limits(browser)).toMatchObject({ machines: 2 });
      await until(() => mailsTo(sub)[0]?.raw.includes('Not in this week.'));
    });

    it('is made once for the same thing, however often it is asked, and withdrawn', async () => {
      const { browser } = await asker();
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask(browser, more())));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      const [request] = await own(browser);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: 'REQUEST_OPEN',
        details: { request: request?.id },
      });
      for (let i = 0; i < 2; i++) {
        const withdrawn = await browser.send('POST', `/api/quota-requests/${request?.id}/withdrawal`);
        expect(withdrawn).toMatchObject({ status: 200, body: { state: 'WITHDRAWN' } });
      }
      expect(await decide(here, request?.id ?? '', grant())).toMatchObject({
        status: 409,
        body: { code: 'ALREADY_DECIDED', details: { state: 'WITHDRAWN' } },
      });
      expect((await ask(browser, more())).status).toBe(201);
    });

    it('is decided by one of two who decide at once', async () => {
      const { browser, userId } = await asker();
      const { id } = await asked(browser);
      const answers = await Promise.all([
        decide(here, id, grant()),
        decide(admin, id, { decision: 'refuse', text: 'No.' }),
        decide(here, id, grant({ amounts: { vcpus: 5 } })),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
      expect((await audited(userId)).filter((kind) => /granted|refused/.test(kind))).toHaveLength(1);
    });

    it('is nothing for staff of another beamline, for other people, or for who asked', async () => {
      const { browser } = await asker();
      const { id } = await asked(browser);
      const { browser: other } = await asker();
      expect(await decide(elsewhere, id, grant())).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
      expect(await decide(other, id, grant())).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect(await other.send('POST', `/api/quota-requests/${id}/withdrawal`)).toMatchObject({ status: 404 });
      expect(await browser.get('/api/quota-requests/for-staff')).toMatchObject({ status: 403 });
      const mine = await asked(admin, more());
      expect((await seen(admin)).find((one) => one.id === mine.id)?.own).toBe(true);
      expect(await decide(admin, mine.id, grant())).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      expect((await own(admin))[0]?.state).toBe('OPEN');
    });

    it.each<[string, object, number, string]>([
      ['an end in the past', { until: inHours(-1) }, 400, 'BAD_REQUEST'],
      ['an end too far ahead', { until: inHours(24 * 400) }, 400, 'BAD_REQUEST'],
      ['no amount', { amounts: {} }, 400, 'BAD_REQUEST'],
      ['an amount that is none', { amounts: { vcpus: 1.5 } }, 400, 'BAD_REQUEST'],
      ['another resource', { amounts: { wishes: 3 } }, 400, 'BAD_REQUEST'],
      ['no reason', { reason: ' ' }, 400, 'BAD_REQUEST'],
      ['what may be held already', { amounts: { vcpus: 4 } }, 409, 'NOT_MORE'],
      ['a proposal of others', { proposal: 'demo:Lumina:P-1' }, 404, 'NOT_FOUND'],
      ['a proposal that is none', { proposal: 'x' }, 404, 'NOT_FOUND'],
    ])('is not taken with %s', async (_what, change, status, code) => {
      await asker();
      const { browser } = await asker();
      expect(await ask(browser, { ...more(), ...change })).toMatchObject({ status, body: { code } });
      expect(await own(browser)).toEqual([]);
    });

    it.each<[string, object]>([
      ['more than was asked for', { amounts: { vcpus: 9 } }],
      ['something else', { amounts: { gpus: 1 } }],
      ['longer than was asked for', { until: inHours(72) }],
      ['the past', { until: inHours(-1) }],
    ])('is not granted with %s', async (_what, change) => {
      const { browser } = await asker();
      const { id } = await asked(browser);
      expect(await decide(here, id, grant(change))).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
      expect((await own(browser))[0]?.state).toBe('OPEN');
      expect(await limits(browser)).toMatchObject({ vcpus: 4 });
    });
  });

  describe('for a longer life', () => {
    const desktopOf = async (userId: string, proposal: string, hours = 1) =>
      seedInstance(house.api.app, userId, {
        ...{ proposalKey: proposal, proposalName: 'P', beamlineId: 'id11-diff', expiresAt: new Date(inHours(hours)) },
      });
    const longer = (instance: string, hours = 5) => ({ kind: 'LIFE', instance, until: inHours(hours), reason: 'A long fit.' });
    const expiry = async (browser: TestBrowser, id: string) =>
      Date.parse(((await browser.get(`/api/instances/${id}`)).body as { expiresAt: string }).expiresAt);

    it('is granted, in part, and the desktop goes on', async () => {
      const { browser, userId, proposal, sub } = await asker();
      const desktop = await desktopOf(userId, proposal);
      const { id } = await asked(browser, longer(desktop));
      expect((await seen(elsewhere)).map((one) => one.id)).not.toContain(id);
      expect((await seen(here)).find((one) => one.id === id)?.desktop).toMatchObject({ running: true, plan: 'Tiny' });
      const end = inHours(3);
      expect((await decide(here, id, grant({ until: end }))).status).toBe(204);
      expect(await expiry(browser, desktop)).toBe(Date.parse(end));
      expect((await own(browser))[0]).toMatchObject({ state: 'GRANTED', grantedUntil: end, granted: null });
      expect(await audited(userId)).toEqual(['quota-request-made', 'desktop-extended', 'quota-request-granted']);
      await until(() => mailsTo(sub)[0]?.raw.includes('in part'));
    });

    it('cannot be granted once the desktop has ended, and staff see that', async () => {
      const { browser, userId, proposal } = await asker();
      const desktop = await desktopOf(userId, proposal);
      const { id } = await asked(browser, longer(desktop));
      await house.api.dataSource.query(`UPDATE instance SET state = 'DELETED', wanted = 'DELETED' WHERE id = $1`, [desktop]);
      expect((await seen(here)).find((one) => one.id === id)?.desktop).toMatchObject({ running: false });
      expect(await decide(here, id, grant({ until: inHours(3) }))).toMatchObject({
        status: 409,
        body: { code: 'DESKTOP_ENDED' },
      });
      expect((await own(browser))[0]?.state).toBe('OPEN');
      expect((await decide(here, id, { decision: 'refuse', text: 'It has ended.' })).status).toBe(204);
    });

    it('is only for one’s own desktop, and for longer', async () => {
      const { browser, userId, proposal } = await asker();
      const desktop = await desktopOf(userId, proposal, 2);
      const { browser: other } = await asker();
      expect(await ask(other, longer(desktop))).toMatchObject({ status: 404 });
      expect(await ask(browser, longer(desktop, 1))).toMatchObject({ status: 409, body: { code: 'NOT_LONGER' } });
      expect(await ask(browser, longer(desktop, 24 * 40))).toMatchObject({ status: 400 });
    });
  });
});
