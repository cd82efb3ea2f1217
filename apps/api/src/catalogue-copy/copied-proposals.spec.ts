import type { CatalogueAccount, Proposal, ProposalSearch } from '@beamdesk/catalogue';
import type { DataSource } from 'typeorm';
import { createTestDataSource } from '../../test/postgres/test-database';
import { CopiedProposals } from './copied-proposals';
import { CopyWriter } from './copy-writer';
import { copyOf, proposal } from './testing/proposals';

const ADA: CatalogueAccount = { catalogue: 'demo', name: 'ada', groups: [] };
const BO: CatalogueAccount = { ...ADA, name: 'bo' };

describe('copies of proposals', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let copies: CopiedProposals;
  let writer: CopyWriter;

  beforeAll(async () => ({ dataSource, close } = await createTestDataSource()));
  afterAll(() => close());
  beforeEach(async () => {
    await dataSource.query('TRUNCATE catalogue_copy, copied_proposal, copied_membership');
    copies = new CopiedProposals(dataSource);
    writer = new CopyWriter(dataSource);
  });

  const put = async (account: CatalogueAccount, proposals: Proposal[], askedAt?: Date): Promise<boolean> =>
    writer.replace((await copyOf(copies, account)).id, account, proposals, askedAt ?? (await writer.now()));
  const page = async (accounts: CatalogueAccount[], query: Partial<ProposalSearch> = {}) =>
    copies.page(await copies.standing(accounts), { text: '', sort: 'name', offset: 0, limit: 20, ...query });
  const names = async (accounts: CatalogueAccount[], query: Partial<ProposalSearch> = {}) =>
    (await page(accounts, query)).items.map((item) => item.proposal.name);
  const stored = async () => (await dataSource.query<unknown[]>('SELECT id FROM copied_proposal')).length;

  it('give back what the catalogue showed, with the own roles and nobody else', async () => {
    const shown = {
      ...proposal('MX-7', {
        title: 'Rings of Müller',
        abstract: 'Zwei\nZeilen',
        visits: [{ id: '1', start: '2026-03-01T08:00:00.000Z' }, { id: '2' }],
        team: { ada: ['PI', 'Local contact'], bo: ['Co-investigator'] },
      }),
      techniques: ['http://purl.org/pan-science/PaNET/PaNET01216', 'Zwei, "drei"'],
    };
    await put(ADA, [shown]);
    const { items, total } = await page([ADA]);
    expect(total).toBe(1);
    expect(items).toEqual([{ account: ADA, roles: ['PI', 'Local contact'], proposal: { ...shown, team: [] } }]);
    const everything = await dataSource.query<unknown[]>(
      'SELECT p.*, m.roles FROM copied_proposal p, copied_membership m',
    );
    expect(JSON.stringify(everything)).not.toContain('Co-investigator');
  });

  it('are of one account each: name and groups', async () => {
    await put(ADA, [proposal('of ada')]);
    await put(BO, [proposal('of bo')]);
    await put({ ...ADA, groups: ['mx'] }, [proposal('of the group')]);
    expect(await names([ADA])).toEqual(['of ada']);
    expect(await names([BO])).toEqual(['of bo']);
    expect(await names([{ ...ADA, groups: ['mx', 'mx'] }])).toEqual(['of the group']);
    expect(await names([{ ...ADA, groups: ['other'] }])).toEqual([]);
    expect(await names([{ ...ADA, catalogue: 'icat' }])).toEqual([]);
    expect(await names([])).toEqual([]);
    expect(await copies.find(BO, proposal('of ada').key, 60_000)).toBeNull();
  });

  it('share a row only where the catalogue showed both the same', async () => {
    const whole = proposal('shared', { visits: [{ id: '1' }, { id: '2' }] });
    await put(ADA, [whole]);
    await put(BO, [whole]);
    expect(await stored()).toBe(1);
    const part = proposal('shared', { visits: [{ id: '2' }] });
    await put(BO, [part]);
    const visits = async (account: CatalogueAccount) =>
      (await page([account])).items[0]?.proposal.visits.map(({ id }) => id);
    expect([await visits(ADA), await visits(BO)]).toEqual([['1', '2'], ['2']]);
  });

  it('follow the catalogue: what is new comes, what it no longer names goes', async () => {
    await put(ADA, [proposal('a'), proposal('b', { team: { ada: ['Student'] } })]);
    await put(ADA, [proposal('b', { team: { ada: ['PI'] } }), proposal('c', { title: 'New' })]);
    const { items } = await page([ADA]);
    expect(items.map((item) => [item.proposal.name, item.roles])).toEqual([
      ['b', ['PI']],
      ['c', []],
    ]);
    expect(await copyOf(copies, ADA)).toMatchObject({ proposals: 2 });
    await put(ADA, []);
    expect(await page([ADA])).toEqual({ items: [], total: 0 });
  });

  it('are written only where something changed', async () => {
    const many = Array.from({ length: 700 }, (_, i) => proposal(`p${i}`));
    await put(ADA, many);
    const versions = () => dataSource.query<unknown[]>('SELECT key, xmin::text FROM copied_membership ORDER BY key');
    const before = await versions();
    await put(ADA, many);
    expect(await versions()).toEqual(before);
    expect(before).toHaveLength(700);
  });

  it('never take an older answer for a newer one', async () => {
    const earlier = await writer.now();
    await put(ADA, [proposal('new')], new Date(earlier.getTime() + 1000));
    expect(await put(ADA, [proposal('old')], earlier)).toBe(false);
    expect(await names([ADA])).toEqual(['new']);
  });

  it('forget what the catalogue took back, also from an answer that is on its way', async () => {
    const asked = await writer.now();
    await put(ADA, [proposal('kept'), proposal('lost')], asked);
    await put(BO, [proposal('lost')]);
    await new Promise((later) => setTimeout(later, 5));
    const onItsWay = await writer.now();
    await new Promise((later) => setTimeout(later, 5));
    await writer.forget(ADA, proposal('lost').key);
    expect([await names([ADA]), await names([BO])]).toEqual([['kept'], ['lost']]);
    expect(await put(ADA, [proposal('kept'), proposal('lost')], onItsWay)).toBe(false);
    expect(await names([ADA])).toEqual(['kept']);
  });

  it('know how long ago a membership was confirmed', async () => {
    const { key } = proposal('a');
    const asked = new Date((await writer.now()).getTime() - 3_600_000);
    await put(ADA, [proposal('a'), proposal('b')], asked);
    expect(await copies.find(ADA, key, 3_000_000)).toBeNull();
    expect(await copies.find(ADA, key, 4_000_000)).toMatchObject({ proposal: { name: 'a' }, confirmedAt: asked });
    await writer.confirm(ADA, key);
    const found = await copies.find(ADA, key, 60_000);
    expect(found?.confirmedAt.getTime()).toBeGreaterThan(asked.getTime() + 3_000_000);
    expect(await copies.find(ADA, proposal('b').key, 60_000)).toBeNull();
    expect(await copies.find(ADA, key, 0)).toBeNull();
  });

  it('are searched by words in name, title, abstract and beamline, as people type them', async () => {
    await put(ADA, [
      proposal('MX/24', {
        title: 'Rings of Müller',
        beamline: { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' },
      }),
      proposal('other', { title: '100% _ \\ iron', abstract: 'Nothing of note' }),
    ]);
    const found = (text: string) => names([ADA], { text });
    expect(await found('muller RING')).toEqual(['MX/24']);
    expect(await found('ID11 diffr')).toEqual(['MX/24']);
    expect(await found('mx/2')).toEqual(['MX/24']);
    expect(await found('of')).toEqual(['MX/24', 'other']);
    expect(await found('muller note')).toEqual([]);
    expect(await found('100% _')).toEqual(['other']);
    expect(await found('%')).toEqual(['other']);
    expect(await found(`' OR true --\0`)).toEqual([]);
  });

  it('come page by page, in every order, with the total of all', async () => {
    await put(ADA, [
      proposal('p10', { title: 'b', visits: [{ id: '1', start: '2026-01-01T00:00:00Z' }] }),
      proposal('p9', { title: 'c', visits: [{ id: '1', start: '2026-02-01T00:00:00Z' }] }),
      proposal('p1', { title: 'a' }),
    ]);
    expect(await names([ADA], { sort: 'name' })).toEqual(['p1', 'p9', 'p10']);
    expect(await names([ADA], { sort: 'title' })).toEqual(['p1', 'p10', 'p9']);
    expect(await names([ADA], { sort: 'recent' })).toEqual(['p9', 'p10', 'p1']);
    expect(await names([ADA], { sort: 'name', first: [proposal('p10').key] })).toEqual(['p10', 'p1', 'p9']);
    expect(await names([ADA], { keys: [proposal('p1').key, proposal('nobody').key] })).toEqual(['p1']);
    expect(await names([ADA], { keys: [] })).toEqual([]);
    expect(await page([ADA], { offset: 1, limit: 1 })).toMatchObject({
      total: 3,
      items: [{ proposal: { name: 'p9' } }],
    });
    expect(await page([ADA], { offset: 50 })).toEqual({ total: 3, items: [] });
  });

  it('of several accounts are one list', async () => {
    const icat = { ...ADA, catalogue: 'icat', name: 'db/ada' };
    await put(ADA, [proposal('a'), proposal('c')]);
    await put(icat, [proposal('b', { catalogue: 'icat' })]);
    expect(await names([ADA, icat])).toEqual(['a', 'b', 'c']);
    const [, second] = (await page([ADA, icat])).items;
    expect(second?.account).toEqual(icat);
  });

  it('survive writers at once', async () => {
    const many = Array.from({ length: 60 }, (_, i) => proposal(`p${i}`));
    const accounts = Array.from({ length: 6 }, (_, i) => ({ ...ADA, name: `member${i}` }));
    await Promise.all(accounts.map((account, i) => put(account, i % 2 ? many : [...many].reverse())));
    await Promise.all([...accounts.map((account) => put(account, many.slice(0, 30))), writer.tidy(60_000)]);
    for (const account of accounts) expect((await page([account])).total).toBe(30);
  });

  it('go when nobody wants them any more, and with them what stands in no other', async () => {
    await put(ADA, [proposal('a'), proposal('both')]);
    await put(BO, [proposal('both')]);
    await dataSource.query(`UPDATE catalogue_copy SET wanted_at = now() - interval '2 hours' WHERE account = 'ada'`);
    expect(await writer.tidy(3_600_000)).toEqual({ copies: 1, proposals: 1 });
    expect([await stored(), await names([BO])]).toEqual([1, ['both']]);
  });
});
