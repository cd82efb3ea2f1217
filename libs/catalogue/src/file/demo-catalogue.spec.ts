import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { FileCatalogue, formatProposalKey } from '../index';

const ROOT = resolve(__dirname, '../../../..');

interface MadeDataset {
  proposal: string;
  id: string;
  name: string;
  files: string[];
  bytes: number;
}

describe('the demo catalogue', () => {
  const open = () => FileCatalogue.open(resolve(ROOT, 'config/demo/catalogue.yaml'));
  const as = (name: string) => ({ catalogue: 'demo', name, groups: [] });
  const seenBy = async (name: string) => {
    const page = await (await open()).search(as(name), { text: '', sort: 'name', offset: 0, limit: 50 });
    return page.items.map((p) => p.name);
  };

  it('gives two colleagues common proposals, a third person none of theirs, and the scientist those of her visits', async () => {
    const [ada, bo, chen, dana] = await Promise.all(['ada', 'bo', 'chen', 'dana'].map(seenBy));
    expect(ada).toEqual(['20250207', '20250915', '20251101', '20260301', '20260302', '20260303', '20260304']);
    expect(bo).toEqual(['20250208', '20250915', '20251101', '20260301', '20260302', '20260303', '20260304']);
    expect(chen).toEqual(['20260311', '20260312', '20260313', 'MX/2415']);
    expect(dana).toContain('20260301');
    expect(dana).toContain('MX/2415');
    expect(await seenBy('eve')).toEqual([]);
    expect(await seenBy('farid')).toEqual([]);
  });

  it('lists exactly the datasets that the set-up makes', async () => {
    const catalogue = await open();
    const text = readFileSync(resolve(ROOT, 'tools/demo-data/datasets.yaml'), 'utf8');
    const { datasets: made } = parse(text) as { datasets: MadeDataset[] };
    const listed = [];
    for (const account of ['ada', 'bo', 'chen']) {
      for (const proposal of await seenBy(account)) {
        const key = formatProposalKey({ catalogue: 'demo', facility: 'Lumina', name: proposal });
        for (const d of (await catalogue.datasets(as(account), key, { offset: 0, limit: 100 })).items) {
          listed.push([proposal, d.id, d.name, d.fileCount, d.sizeBytes].join(' | '));
        }
      }
    }
    const expected = made.map((d) => [d.proposal, d.id, d.name, d.files.length, d.bytes].join(' | '));
    expect([...new Set(listed)].sort()).toEqual(expected.sort());
  });

  it('keeps some datasets in the archive only', async () => {
    const catalogue = await open();
    const key = formatProposalKey({ catalogue: 'demo', facility: 'Lumina', name: '20250915' });
    const { items } = await catalogue.datasets(as('ada'), key, { offset: 0, limit: 100 });
    expect(items.map((d) => [d.id, d.availability])).toEqual([
      ['lum-0951', 'archived'],
      ['lum-0952', 'online'],
    ]);
  });

  it('has different techniques, and words people would search for', async () => {
    const catalogue = await open();
    const search = (text: string) => catalogue.search(as('ada'), { text, sort: 'recent', offset: 0, limit: 50 });
    expect((await search('20260301')).items.map((p) => p.name)).toEqual(['20260301']);
    expect((await search('neutron')).items.map((p) => p.name)).toEqual(['20260304']);
    expect((await search('sandstone tomography')).items.map((p) => p.name)).toEqual(['20260303']);
  });
});
