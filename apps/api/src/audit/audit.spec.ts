import type { AuditPage } from '@beamdesk/contracts';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { Audit } from './audit';

describe('the audit', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  const count = async () => {
    const [row] = await portal.dataSource.query<{ count: number }[]>('SELECT count(*)::int AS count FROM audit_entry');
    return row?.count;
  };

  it.each([
    ['changes', `UPDATE audit_entry SET kind = 'sign-out'`],
    ['loses', 'DELETE FROM audit_entry'],
    ['is emptied of', 'TRUNCATE audit_entry'],
  ])('never %s an entry', async (_what, sql) => {
    await portal.signedIn(`a${Math.random()}`);
    const before = await count();
    await expect(portal.dataSource.query(sql)).rejects.toThrow('audit_entry is append-only');
    expect(await count()).toBe(before);
  });

  it('keeps what it says of somebody who is gone', async () => {
    const { userId } = await portal.signedIn('gone');
    const { browser: admin } = await portal.signedIn('gone-admin', ['ADMIN']);
    await portal.dataSource.query('DELETE FROM user_account WHERE id = $1', [userId]);
    const { items } = (await admin.get(`/api/audit?person=${userId}`)).body as AuditPage;
    expect(items).toMatchObject([{ kind: 'sign-in', subject: { id: userId, name: null } }]);
  });

  it('is written only in a transaction, and goes with it', async () => {
    const audit = portal.app.get(Audit);
    const entry = { kind: 'role-granted', actorId: null, subjectId: null } as const;
    await expect(audit.write(portal.dataSource.manager, entry)).rejects.toThrow('outside of a transaction');
    const before = await count();
    const work = portal.dataSource.transaction(async (manager) => {
      await audit.write(manager, entry);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await count()).toBe(before);
  });

  it('tells each sign-in and sign-out, with the login and without mail or session', async () => {
    const { browser, userId } = await portal.signedIn('nel');
    await browser.send('POST', '/api/auth/sign-out');
    const { browser: admin, userId: adminId } = await portal.signedIn('rex', ['ADMIN']);
    const { items } = (await admin.get(`/api/audit?person=${userId}`)).body as AuditPage;
    const nel = { id: userId, name: 'nel Tester' };
    expect(items).toEqual([
      { id: expect.any(String), at: expect.any(String), kind: 'sign-out', actor: nel, subject: nel, details: {} },
      {
        ...{ id: expect.any(String), at: expect.any(String), kind: 'sign-in', actor: nel, subject: nel },
        details: { issuer: portal.provider.issuer, subject: 'nel' },
      },
    ]);
    const all = (await admin.get('/api/audit')).body as AuditPage;
    expect(all.items[0]).toMatchObject({ kind: 'sign-in', actor: { id: adminId } });
  });

  it('tells no sign-out of somebody who was not signed in', async () => {
    const before = await count();
    await portal.browser().send('POST', '/api/auth/sign-out');
    expect(await count()).toBe(before);
  });

  it('is read page by page, newest first, by kind and by person', async () => {
    const { browser: admin } = await portal.signedIn('gus', ['ADMIN']);
    const all = (await admin.get('/api/audit?limit=200')).body as AuditPage;
    expect(all.next).toBeNull();
    const read: string[] = [];
    for (let before = ''; ;) {
      const { items, next } = (await admin.get(`/api/audit?limit=2${before}`)).body as AuditPage;
      read.push(...items.map(({ id }) => id));
      if (next === null) break;
      before = `&before=${next}`;
    }
    expect(read).toEqual(all.items.map(({ id }) => id));
    const outs = (await admin.get('/api/audit?kind=sign-out')).body as AuditPage;
    expect(outs.items).toHaveLength(all.items.filter(({ kind }) => kind === 'sign-out').length);
    expect(outs.items.length).toBeGreaterThan(0);
  });

  it.each(['limit=0', 'limit=201', 'before=0', 'before=x', 'kind=gossip', 'person=bo', 'more=1'])(
    'refuses ?%s',
    async (query) => {
      const { browser } = await portal.signedIn(`q${Math.random()}`, ['ADMIN']);
      expect(await browser.get(`/api/audit?${query}`)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    },
  );

  it.each([['USER'], ['STAFF'], ['SUPPORT']] as const)('is not shown to a %s', async (role) => {
    const { browser } = await portal.signedIn(`r${role}`, [role]);
    expect(await browser.get('/api/audit')).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
  });
});
