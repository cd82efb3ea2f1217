import type { AuditPage } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { Audit } from './audit';

describe('the audit, searched', () => {
  let portal: TestApp;
  let admin: TestBrowser;
  let adminId: string;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser: admin, userId: adminId } = await portal.signedIn('ida', ['ADMIN']));
    const entry = {
      kind: 'role-ended',
      actorId: adminId,
      subjectId: null,
      details: { reason: '=Left, "today"' },
    } as const;
    await portal.dataSource.transaction((manager) => portal.app.get(Audit).write(manager, entry));
  });
  afterAll(() => portal?.close());

  const ids = async (query: string) =>
    ((await admin.get(`/api/audit?limit=200&${query}`)).body as AuditPage).items.map(({ id }) => id);

  it('finds by text in names, kinds and details, and nothing by a pattern', async () => {
    const [newest] = await ids('');
    expect(await ids('q=LEFT%2C')).toEqual([newest]);
    expect(await ids('q=ida%20tester&kind=role-ended')).toEqual([newest]);
    expect(await ids('q=%25')).toEqual([]);
  });

  it('finds by time', async () => {
    const soon = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    expect(await ids(`to=${soon}`)).toEqual(await ids(''));
    expect(await ids(`from=${soon}`)).toEqual([]);
  });

  it('is given as a file with the same entries, to administrators alone', async () => {
    const lines = (await admin.get('/api/audit/export?format=jsonl')).text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(await ids(''));
    const csv = (await admin.get(`/api/audit/export?format=csv&person=${adminId}&kind=role-ended`)).text
      .trimEnd()
      .split('\r\n');
    expect(csv).toHaveLength(2);
    expect(csv[1]).toContain(`,role-ended,${adminId},ida Tester,,,"{""reason"":""=Left, \\""today\\""""}"`);
    for (const role of ['USER', 'STAFF', 'SUPPORT'] as const) {
      const { browser } = await portal.signedIn(`x-${role}`, [role]);
      expect(await browser.get('/api/audit/export?format=csv')).toMatchObject({
        status: 403,
        body: { code: 'NOT_ALLOWED' },
      });
    }
  });

  it.each(['format=xml', '', 'format=csv&limit=2', 'format=csv&from=yesterday'])(
    'refuses a file of ?%s',
    async (query) => {
      expect(await admin.get(`/api/audit/export?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST' },
      });
    },
  );
});
