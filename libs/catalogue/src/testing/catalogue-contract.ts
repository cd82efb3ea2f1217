import { Catalogue, CatalogueAccount, ProposalSearch } from '../catalogue';
import { formatProposalKey } from '../proposal-key';
import { SeedProposal, seedProposals } from './seed';

/** A catalogue holding the given proposals at facility "Lumina", and the way to get rid of it. */
export type MakeCatalogue = (seed: SeedProposal[]) => Promise<{ catalogue: Catalogue; close(): Promise<void> }>;

/** What every adapter of the port must do, whatever stands behind it. Call at the top of a spec file. */
export function catalogueContract(name: string, make: MakeCatalogue): void {
  describe(`${name} as a Catalogue`, () => {
    let catalogue: Catalogue;
    let close: () => Promise<void>;
    const key = (proposal: string) =>
      formatProposalKey({ catalogue: catalogue.id, facility: 'Lumina', name: proposal });
    const as = (account: string): CatalogueAccount => ({ catalogue: catalogue.id, name: account, groups: [] });
    const names = async (account: CatalogueAccount, query: Partial<ProposalSearch> = {}) => {
      const page = await catalogue.search(account, { text: '', sort: 'name', offset: 0, limit: 20, ...query });
      return page.items.map((p) => p.name);
    };

    beforeAll(async () => ({ catalogue, close } = await make(seedProposals())));
    afterAll(() => close());

    it('shows each account its own proposals and no other', async () => {
      expect(await names(as('ada'))).toEqual(['20260301', '20260302']);
      expect(await names(as('bo'))).toEqual(['20260302']);
      expect(await names(as('chen'))).toEqual(['MX/2415']);
      expect(await names(as('eve'))).toEqual([]);
    });

    it('knows no account of another catalogue, even under the same name', async () => {
      const stranger = { catalogue: 'elsewhere', name: 'ada', groups: ['20260301'] };
      expect(await names(stranger)).toEqual([]);
      expect(await catalogue.find(stranger, key('20260301'))).toBeNull();
      expect(await catalogue.isMember(stranger, key('20260301'))).toBe(false);
    });

    it.each(['', 'ADA', 'ada ', '*', '%', "' or 1=1 --", '__proto__'])(
      'lets account %j see nothing',
      async (account) => {
        expect(await names(as(account))).toEqual([]);
        expect(await catalogue.isMember(as(account), key('20260301'))).toBe(false);
      },
    );

    it('finds what a member may see, with visits and team, and hides the rest', async () => {
      const found = await catalogue.find(as('chen'), key('MX/2415'));
      expect(found).toMatchObject({
        key: key('MX/2415'),
        name: 'MX/2415',
        facility: 'Lumina',
        catalogue: catalogue.id,
      });
      expect(found?.visits).toEqual([
        { id: '1', beamline: { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' }, start: null, end: null },
      ]);
      expect(found?.team).toEqual([
        { account: 'chen', name: 'Chen Wei', affiliation: null, roles: ['Principal investigator'] },
      ]);
      expect(await catalogue.find(as('bo'), key('20260301'))).toBeNull();
      expect(await catalogue.find(as('ada'), key('no-such'))).toBeNull();
      expect(await catalogue.find(as('ada'), 'not a key')).toBeNull();
    });

    it('answers membership as it answers find', async () => {
      expect(await catalogue.isMember(as('ada'), key('20260302'))).toBe(true);
      expect(await catalogue.isMember(as('bo'), key('20260302'))).toBe(true);
      expect(await catalogue.isMember(as('bo'), key('20260301'))).toBe(false);
      expect(await catalogue.isMember(as('ada'), key('no-such'))).toBe(false);
    });

    it('lists datasets to members only', async () => {
      const [dataset, ...others] = await catalogue.datasets(as('ada'), key('20260301'));
      expect(dataset).toMatchObject({
        name: 'plate',
        fileCount: 1,
        sizeBytes: 10,
        sample: 'weld',
        technique: 'Diffraction',
      });
      expect(others).toEqual([]);
      expect(await catalogue.datasets(as('bo'), key('20260301'))).toEqual([]);
      expect(await catalogue.datasets(as('ada'), key('no-such'))).toEqual([]);
    });

    it('searches every word in name, title, abstract, beamline and technique, without case or accents', async () => {
      expect(await names(as('ada'), { text: 'MULLER kohler' })).toEqual(['20260301']);
      expect(await names(as('ada'), { text: '  müller   weld ' })).toEqual(['20260301']);
      expect(await names(as('ada'), { text: '0302' })).toEqual(['20260302']);
      expect(await names(as('ada'), { text: 'neutron micelles' })).toEqual(['20260302']);
      expect(await names(as('ada'), { text: 'n3-sans' })).toEqual(['20260302']);
      expect(await names(as('ada'), { text: 'micelles weld' })).toEqual([]);
      expect(await names(as('ada'), { text: 'transporter' })).toEqual([]);
      expect(await names(as('ada'), { text: '.*' })).toEqual([]);
    });

    it('sorts, pages and counts all matches', async () => {
      expect(await names(as('ada'), { sort: 'recent' })).toEqual(['20260302', '20260301']);
      expect(await names(as('ada'), { sort: 'title' })).toEqual(['20260302', '20260301']);
      const page = await catalogue.search(as('ada'), { text: '', sort: 'name', offset: 1, limit: 1 });
      expect(page.items.map((p) => p.name)).toEqual(['20260302']);
      expect(page.total).toBe(2);
      expect(await catalogue.search(as('ada'), { text: '', sort: 'name', offset: 9, limit: 5 })).toEqual({
        items: [],
        total: 2,
      });
    });

    it('keeps to given keys and puts given keys first, and neither shows anything more', async () => {
      expect(await names(as('ada'), { keys: [key('20260302'), key('MX/2415')] })).toEqual(['20260302']);
      expect(await names(as('ada'), { keys: [] })).toEqual([]);
      expect(await names(as('ada'), { first: [key('20260302'), key('MX/2415')] })).toEqual(['20260302', '20260301']);
    });
  });
}
