import { resolve } from 'node:path';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { DemoPeople } from './demo-people';

const PEOPLE = resolve(__dirname, '../../../../config/demo/people.yaml');

describe('demo people', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp({ env: { DEMO: 'true', DEMO_PEOPLE_FILE: PEOPLE } })));
  afterAll(() => portal?.close());

  const seeded = () =>
    portal.dataSource.query(
      `SELECT i.subject, u.name, array_remove(array_agg(a.role), NULL) AS roles, max(c.name) AS account FROM identity i
       JOIN user_account u ON u.id = i.user_id LEFT JOIN authorisation a ON a.user_id = u.id
       LEFT JOIN catalogue_account c ON c.user_id = u.id AND c.catalogue = 'demo'
       WHERE i.issuer = $1 GROUP BY i.subject, u.name ORDER BY i.subject`,
      [portal.provider.issuer],
    );
  const expected = [
    { subject: 'demo|ada', name: 'Ada Okafor', roles: ['USER'], account: 'ada' },
    { subject: 'demo|bo', name: 'Bo Lindqvist', roles: ['USER'], account: 'bo' },
    { subject: 'demo|chen', name: 'Chen Wei', roles: ['USER'], account: 'chen' },
    { subject: 'demo|dana', name: 'Dana Moreau', roles: ['STAFF'], account: 'dana' },
    { subject: 'demo|eve', name: 'Eve Novak', roles: [], account: null },
    { subject: 'demo|farid', name: 'Farid Haddad', roles: ['ADMIN'], account: 'farid' },
  ];

  it('are in the authorisation database after the start, and the same after every start', async () => {
    expect(await seeded()).toEqual(expected);
    await portal.app.get(DemoPeople).onApplicationBootstrap();
    expect(await seeded()).toEqual(expected);
  });

  it('lose what the file no longer grants, and keep what somebody else granted', async () => {
    const [ada] = await portal.dataSource.query<{ user_id: string }[]>(`SELECT user_id FROM identity WHERE subject = 'demo|ada'`);
    const grant = (role: string, by: string) =>
      portal.dataSource.query('INSERT INTO authorisation (user_id, role, granted_by, reason) VALUES ($1, $2, $3, $4)', [ada?.user_id, role, by, 'x']);
    await grant('ADMIN', 'demo');
    await grant('SUPPORT', 'farid');
    await portal.app.get(DemoPeople).onApplicationBootstrap();
    const rows = await portal.dataSource.query(
      'SELECT role FROM authorisation WHERE user_id = $1 AND expires_at IS NULL ORDER BY role',
      [ada?.user_id],
    );
    expect(rows).toEqual([{ role: 'SUPPORT' }, { role: 'USER' }]);
  });

  it('are in the audit once for each role, however often the portal starts', async () => {
    const audited = () =>
      portal.dataSource.query(
        `SELECT e.kind, e.details ->> 'role' AS role, e.details ->> 'by' AS by FROM audit_entry e
         JOIN identity i ON i.user_id = e.subject_id WHERE i.subject = 'demo|dana' ORDER BY e.id`,
      );
    await portal.app.get(DemoPeople).onApplicationBootstrap();
    expect(await audited()).toEqual([{ kind: 'role-granted', role: 'STAFF', by: 'demo' }]);
  });

  it('keep what an administrator took back', async () => {
    const [bo] = await portal.dataSource.query<{ user_id: string }[]>(`SELECT user_id FROM identity WHERE subject = 'demo|bo'`);
    const { browser } = await portal.signedIn('boss', ['ADMIN']);
    const held = async () => {
      const rows = await portal.dataSource.query<{ id: string; valid: boolean }[]>(
        'SELECT id, expires_at IS NULL AS valid FROM authorisation WHERE user_id = $1',
        [bo?.user_id],
      );
      return rows[0];
    };
    expect((await browser.send('POST', `/api/authorisations/${(await held())?.id}/end`, { reason: 'a test' })).status).toBe(204);
    await portal.app.get(DemoPeople).onApplicationBootstrap();
    expect((await held())?.valid).toBe(false);
  });

  it('sign in as who they are', async () => {
    const browser = portal.browser();
    await browser.signIn({ sub: 'demo|dana', name: 'Dana Moreau' });
    expect((await browser.get('/api/session')).body).toMatchObject({ user: { name: 'Dana Moreau', roles: ['STAFF', 'USER'] }, demo: true });
  });
});
