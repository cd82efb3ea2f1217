import { CatalogueUnavailable } from '../index';
import { catalogueContract, EditableCatalogue, seedProposals, UnreachableCatalogue } from './index';

const seeded = () => {
  const catalogue = new EditableCatalogue();
  const keys = seedProposals().map((seed) => catalogue.put(seed));
  return { catalogue, keys };
};

catalogueContract('EditableCatalogue', async () => ({ ...seeded(), close: async () => undefined }));

catalogueContract('UnreachableCatalogue, once reachable', async () => {
  const catalogue = new UnreachableCatalogue(seeded().catalogue);
  catalogue.reachable = true;
  return { catalogue, close: async () => undefined };
});

describe('UnreachableCatalogue', () => {
  it('throws instead of answering no', async () => {
    const catalogue = new UnreachableCatalogue(seeded().catalogue);
    const account = { catalogue: 'demo', name: 'ada', groups: [] };
    await expect(catalogue.isMember(account, 'demo:Lumina:20260301')).rejects.toBeInstanceOf(CatalogueUnavailable);
    const page = { offset: 0, limit: 10 };
    await expect(catalogue.datasets(account, 'demo:Lumina:20260301', page)).rejects.toBeInstanceOf(
      CatalogueUnavailable,
    );
    expect((await catalogue.check()).error).toBeInstanceOf(CatalogueUnavailable);
  });
});

describe('EditableCatalogue', () => {
  it('takes a membership away', async () => {
    const { catalogue, keys } = seeded();
    const account = { catalogue: 'demo', name: 'bo', groups: [] };
    const shared = keys[1] ?? '';
    expect(await catalogue.isMember(account, shared)).toBe(true);
    catalogue.expel(shared, 'bo');
    expect(await catalogue.isMember(account, shared)).toBe(false);
  });
});
