import { CatalogueUnavailable, JoinedCatalogue } from './index';
import { EditableCatalogue, seedProposals, UnreachableCatalogue } from './testing';

describe('JoinedCatalogue', () => {
  const make = () => {
    const [first, second] = [new EditableCatalogue('one'), new EditableCatalogue('two')];
    for (const seed of seedProposals()) first.put(seed);
    for (const seed of seedProposals().slice(1)) second.put(seed);
    const gate = new UnreachableCatalogue(second);
    gate.reachable = true;
    return { joined: new JoinedCatalogue([first, gate]), gate };
  };
  const as = (catalogue: string, name = 'ada') => ({ catalogue, name, groups: [] });
  const page = { text: '', sort: 'name', offset: 0, limit: 10 } as const;
  const KEY = { one: 'one:Lumina:20260301', two: 'two:Lumina:20260302' };

  it('asks the catalogue of the account, and shows it nothing of another', async () => {
    const { joined } = make();
    const names = async (catalogue: string) => (await joined.search(as(catalogue), page)).items.map(({ key }) => key);
    expect(await names('one')).toEqual(['one:Lumina:20260301', 'one:Lumina:20260302']);
    expect(await names('two')).toEqual(['two:Lumina:20260302']);
    expect(await names('three')).toEqual([]);
    expect(await joined.isMember(as('one'), KEY.one)).toBe(true);
    for (const [account, key] of [
      [as('two'), KEY.one],
      [as('one'), KEY.two],
      [as('three'), 'three:Lumina:20260301'],
      [as('one'), 'no key'],
    ] as const) {
      expect(await joined.isMember(account, key)).toBe(false);
      expect(await joined.find(account, key)).toBeNull();
      expect((await joined.datasets(account, key, page)).items).toEqual([]);
      expect(await joined.restoreStatus(account, key, 'x')).toBeNull();
      await expect(joined.restore(account, key, ['old-plate'])).rejects.toMatchObject({ reason: 'not-found' });
    }
    expect([joined.has('one'), joined.has('two'), joined.has('three')]).toEqual([true, true, false]);
  });

  it('lets one go on while another is down, and says that it is', async () => {
    const { joined, gate } = make();
    expect((await joined.check()).error).toBeNull();
    gate.reachable = false;
    expect(await joined.isMember(as('one'), KEY.one)).toBe(true);
    await expect(joined.isMember(as('two'), KEY.two)).rejects.toBeInstanceOf(CatalogueUnavailable);
    expect((await joined.check()).error?.reason).toBe('unreachable');
  });

  it('refuses two under one id', () => {
    expect(() => new JoinedCatalogue([new EditableCatalogue('one'), new EditableCatalogue('one')])).toThrow(RangeError);
  });
});
