import type { MadeInvitation } from '@beamdesk/contracts';
import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { until } from '../../events/testing/until';
import { SmtpSink } from '../../mail/testing/smtp-sink';
import { inDays, invitation, invitations, invite, made } from '../testing/invitations';

describe('an invitation, for those who make it', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  let staff: TestBrowser;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin } = await portal.signedIn('boss', ['ADMIN']));
    ({ browser: staff } = await portal.signedIn('dana', ['STAFF']));
  });
  afterAll(() => portal?.close());

  it('has a link whose code is long, in the fragment, in one answer alone, and not in the database', async () => {
    const answer = await invite(staff);
    expect(answer.status).toBe(201);
    const { invitation: view, link } = answer.body as MadeInvitation;
    const url = new URL(link);
    expect(url.origin + url.pathname + url.search).toBe(`${portal.url}/invitation`);
    expect(Buffer.from(url.hash.slice(1), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect(view).toMatchObject({ ...invitation({ redeemBy: view.redeemBy }), state: 'open', madeBy: 'dana Tester' });
    expect(JSON.stringify(await invitations(staff))).not.toContain(url.hash.slice(1));
    const [row] = await portal.dataSource.query<object[]>(
      `SELECT row_to_json(i)::text || (SELECT json_agg(e)::text FROM audit_entry e) AS all FROM invitation i WHERE id = $1`,
      [view.id],
    );
    expect(JSON.stringify(row)).toContain(view.id);
    expect(JSON.stringify(row)).not.toContain(url.hash.slice(1));
  });

  it('is listed for who made it and for administrators, and for no other staff', async () => {
    const { id } = await made(staff);
    const { browser: other } = await portal.signedIn('other', ['STAFF']);
    expect((await invitations(staff)).map((one) => one.id)).toContain(id);
    expect((await invitations(admin)).map((one) => one.id)).toContain(id);
    expect(await invitations(other)).toEqual([]);
    expect(await other.send('DELETE', `/api/invitations/${id}`)).toMatchObject({ status: 404 });
    expect((await invitations(staff)).map((one) => one.id)).toContain(id);
  });

  it('is withdrawn once, and stands among the closed ones then', async () => {
    const { id } = await made(staff);
    expect((await admin.send('DELETE', `/api/invitations/${id}`)).status).toBe(204);
    const closed = (await invitations(staff, 'closed')).find((one) => one.id === id);
    expect(closed).toMatchObject({ state: 'withdrawn', endedBy: 'boss Tester' });
    expect(await staff.send('DELETE', `/api/invitations/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'INVITATION_CLOSED', details: { state: 'withdrawn' } },
    });
  });

  it.each(['STAFF', 'SUPPORT', 'ADMIN'] as const)('offers %s only by an administrator', async (role) => {
    expect(await invite(staff, { role })).toMatchObject({ status: 403, body: { code: 'ROLE_NOT_YOURS_TO_GRANT' } });
    expect((await invite(admin, { role })).status).toBe(201);
  });

  it.each([['USER'], ['SUPPORT']] as const)('is nothing for a %s', async (role) => {
    const { browser } = await portal.signedIn(`nosy ${role}`, [role]);
    expect(await invite(browser)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    expect(await browser.get('/api/invitations')).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
  });

  it.each<[string, object, string]>([
    ['a time that is over', { redeemBy: inDays(-1) }, 'redeemBy'],
    ['a time too far ahead', { redeemBy: inDays(92) }, 'redeemBy'],
    ['a time after the end of the role', { redeemBy: inDays(14), until: inDays(13) }, 'redeemBy'],
    ['an end in the past', { until: inDays(-1) }, 'until'],
    ['beamlines for a USER', { beamlines: ['id11-diff'] }, 'beamlines'],
    ['a beamline that is none', { role: 'STAFF', beamlines: ['id99'] }, 'beamlines'],
    ['no reason', { reason: ' ' }, 'reason'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
  ])('is refused with %s', async (_what, change, path) => {
    const before = (await invitations(admin)).length;
    const answer = await invite(admin, change);
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(JSON.stringify(answer.body)).toContain(`"path":"${path}"`);
    expect(await invitations(admin)).toHaveLength(before);
  });

  it('is not sent by mail where the portal sends none', async () => {
    const answer = await invite(staff, { byMail: true });
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(JSON.stringify(answer.body)).toContain('"path":"byMail"');
  });
});

describe('an invitation by mail', () => {
  let sink: SmtpSink;
  let portal: TestApp;
  let staff: TestBrowser;
  beforeAll(async () => {
    sink = await SmtpSink.start();
    portal = await createTestApp({
      env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_FROM: 'desk@portal.example' },
    });
    ({ browser: staff } = await portal.signedIn('dana', ['STAFF']));
  });
  afterAll(async () => {
    await portal?.close();
    await sink?.close();
  });

  it('has its link in the mail, and in no table once it is sent', async () => {
    const answer = await invite(staff, { byMail: true });
    expect(answer).toMatchObject({ status: 201, body: { mailed: true } });
    const { link } = answer.body as MadeInvitation;
    await until(() => sink.mails.length === 1);
    expect(sink.mails[0]?.to).toEqual(['eve@example.org']);
    expect(sink.mails[0]?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(link);
    const code = new URL(link).hash.slice(1);
    await until(async () => !JSON.stringify(await portal.dataSource.query('SELECT * FROM mail')).includes(code));
    const [{ state }] = await portal.dataSource.query<[{ state: string }]>('SELECT state FROM mail');
    expect(state).toBe('SENT');
    expect(JSON.stringify(await portal.dataSource.query('SELECT * FROM audit_entry'))).not.toContain(code);
  });

  it.each([null, 'eve', 'eve@example.org, bo@example.org', 'Eve <eve@example.org>'])('needs one address: %j', async (email) => {
    const before = sink.mails.length;
    const answer = await invite(staff, { byMail: true, email });
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(JSON.stringify(answer.body)).toContain('"path":"email"');
    expect(sink.mails).toHaveLength(before);
  });
});
