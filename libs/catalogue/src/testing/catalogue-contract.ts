import { Catalogue, CatalogueAccount, ProposalSearch } from '../catalogue';
import { RestoreRefused } from '../errors';
import { formatProposalKey } from '../proposal-key';
import { SeedProposal, seedProposals } from './seed';

/** A catalogue holding the given proposals at facility "Lumina", and the way to get rid of it. */
export interface MadeCatalogue {
  catalogue: Catalogue;
  /** Groups of an account, where membership goes by groups. */
  groupsOf?: (account: string) => string[];
  /** Lets what is being restored arrive. */
  settle?: () => Promise<void>;
  close(): Promise<void>;
}

export type MakeCatalogue = (seed: SeedProposal[]) => Promise<MadeCatalogue>;

/**
 * What every adapter of the port must do, whatever stands behind it. Call at the top of a spec file.
 * @param memberLists false: the catalogue names principal investigators only, and without their accounts
 */
export function catalogueContract(name: string, make: MakeCatalogue, { memberLists = true } = {}): void {
  describe(`${name} as a Catalogue`, () => {
    let made: MadeCatalogue;
    let catalogue: Catalogue;
    const key = (proposal: string) =>
      formatProposalKey({ catalogue: catalogue.id, facility: 'Lumina', name: proposal });
    const as = (account: string): CatalogueAccount => ({
      catalogue: catalogue.id,
      name: account,
      groups: made.groupsOf?.(account) ?? [],
    });
    const names = async (account: CatalogueAccount, query: Partial<ProposalSearch> = {}) => {
      const page = await catalogue.search(account, { text: '', sort: 'name', offset: 0, limit: 20, ...query });
      return page.items.map((p) => p.name);
    };

    const ids = async (account: CatalogueAccount, proposal: string) => {
      const { items } = await catalogue.datasets(account, key(proposal), { offset: 0, limit: 10 });
      return Object.fromEntries(items.map((d) => [d.name, d.id]));
    };
    const whereabouts = async (account: CatalogueAccount, proposal: string) => {
      const { items } = await catalogue.datasets(account, key(proposal), { offset: 0, limit: 10 });
      return Object.fromEntries(items.map((d) => [d.name, d.availability]));
    };

    beforeAll(async () => {
      made = await make(seedProposals());
      catalogue = made.catalogue;
    });
    afterAll(() => made.close());

    it('is reachable, and says what it is', async () => {
      const { product, error } = await catalogue.check();
      expect([product.length > 0, error]).toEqual([true, null]);
    });

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
        {
          account: memberLists ? 'chen' : null,
          name: 'Chen Wei',
          affiliation: null,
          roles: ['Principal investigator'],
        },
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

    it('lists datasets to members only, page by page in one order', async () => {
      const page = (offset: number, limit: number) => catalogue.datasets(as('ada'), key('20260301'), { offset, limit });
      const { items, more } = await page(0, 10);
      expect(more).toBe(false);
      expect(items.map((d) => d.name).sort()).toEqual(['old-plate', 'plate']);
      expect(items.find((d) => d.name === 'plate')).toMatchObject({
        fileCount: 1,
        sizeBytes: 10,
        sample: 'weld',
        technique: 'Diffraction',
        availability: 'online',
      });
      expect(await page(0, 1)).toEqual({ items: items.slice(0, 1), more: true });
      expect(await page(1, 1)).toEqual({ items: items.slice(1), more: false });
      expect(await page(2, 1)).toEqual({ items: [], more: false });
      const nothing = { items: [], more: false };
      expect(await catalogue.datasets(as('bo'), key('20260301'), { offset: 0, limit: 10 })).toEqual(nothing);
      expect(await catalogue.datasets(as('ada'), key('no-such'), { offset: 0, limit: 10 })).toEqual(nothing);
    });

    it('tells techniques of a proposal: those of its datasets, each once, in the list as alone', async () => {
      const { items } = await catalogue.search(as('ada'), { text: '', sort: 'name', offset: 0, limit: 20 });
      const alone = (account: string, proposal: string) => catalogue.find(as(account), key(proposal));
      const found = [...items, await alone('ada', '20260301'), await alone('bo', '20260302')];
      const [one, two] = [['Diffraction'], ['Neutron small-angle scattering']];
      expect(found.map((proposal) => proposal?.techniques)).toEqual([one, two, one, two]);
      expect((await alone('chen', 'MX/2415'))?.techniques).toEqual([]);
    });

    it('restores nothing for strangers, nothing of another proposal, and not nothing', async () => {
      const mine = await ids(as('ada'), '20260301');
      const other = await ids(as('ada'), '20260302');
      const old = mine['old-plate'] ?? '';
      const refused = [
        [as('bo'), key('20260301'), [old], 'not-found'],
        [as('ada'), key('20260302'), [old], 'not-found'],
        [as('ada'), key('20260301'), [old, other['micelles'] ?? ''], 'not-found'],
        [as('ada'), key('20260301'), [old, "1' or '1'='1"], 'not-found'],
        [as('ada'), key('20260301'), [], 'wrong-number'],
        [as('ada'), key('20260301'), Array.from({ length: 101 }, (_, i) => String(i)), 'wrong-number'],
      ] as const;
      for (const [account, proposal, wanted, reason] of refused) {
        const error = await catalogue.restore(account, proposal, [...wanted]).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(RestoreRefused);
        expect(error).toMatchObject({ reason });
      }
      expect(await whereabouts(as('ada'), '20260301')).toEqual({ plate: 'online', 'old-plate': 'archived' });
      expect(await whereabouts(as('bo'), '20260302')).toEqual({ micelles: 'archived' });
    });

    it('restores what a member asks for, and shows the request to nobody else', async () => {
      const { 'old-plate': old = '', plate = '' } = await ids(as('ada'), '20260301');
      const request = await catalogue.restore(as('ada'), key('20260301'), [old, plate, old]);
      expect([...request.datasetIds].sort()).toEqual([old, plate].sort());
      expect(request.state).not.toBe('failed');
      expect(await catalogue.restoreStatus(as('bo'), key('20260301'), request.id)).toBeNull();
      expect(await catalogue.restoreStatus(as('ada'), key('20260302'), request.id)).toBeNull();
      for (const unknown of ['', 'nonsense', '__proto__', '0', '../1']) {
        expect(await catalogue.restoreStatus(as('ada'), key('20260301'), unknown)).toBeNull();
      }
      await (made.settle?.() ?? new Promise(setImmediate));
      expect(await catalogue.restoreStatus(as('ada'), key('20260301'), request.id)).toMatchObject({
        id: request.id,
        state: 'done',
      });
      expect(await whereabouts(as('ada'), '20260301')).toEqual({ plate: 'online', 'old-plate': 'online' });
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
