import fc from 'fast-check';
import { datasetsOf, investigationsOf, quote, techniquesOf } from './jpql';
import { parseJpql } from './testing/jpql-parse';
import { jpqlTokens } from './testing/jpql-tokens';

describe('JPQL', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom("'", "''", '\\', ' OR 1=1', '\n', '{ts', ':user', '%', 'x'), { maxLength: 8 })
      .map((all) => all.join('')),
  );

  it('quotes any text into one literal that means that text', () => {
    fc.assert(
      fc.property(text, (value) => {
        if (value.includes('\0')) expect(() => quote(value)).toThrow(RangeError);
        else expect(jpqlTokens(quote(value))).toEqual([{ type: 'string', value }]);
      }),
      { numRuns: 2000 },
    );
    expect(quote("x' OR '1'='1")).toBe("'x'' OR ''1''=''1'");
  });

  it('keeps its conditions whatever the names are', () => {
    const plain = text.filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(plain, plain, plain, (user, facility, name) => {
        const mine = { user, membership: 'users', only: { facility, name } } as const;
        for (const query of [investigationsOf({ ...mine, include: ['users'] }), techniquesOf(mine)]) {
          const { where, distinct } = parseJpql(query);
          expect(distinct).toBe(true);
          expect(where.map(({ path, values }) => [path, values.map(({ value }) => value)])).toEqual([
            ['u.name', [user]],
            ['i.name', [name]],
            ['i.facility.name', [facility]],
          ]);
        }
      }),
    );
  });

  it('includes no path twice, which ICAT refuses', () => {
    const query = investigationsOf({ user: null, membership: 'groups', include: ['users', 'groups', 'scientists'] });
    const { include, order, where } = parseJpql(query);
    expect(include.map(({ path, as }) => [path, as])).toEqual([
      ['i.facility', null],
      ['i.investigationInstruments.instrument', 'inst'],
      ['i.investigationUsers.user', null],
      ['i.investigationGroups.grouping.userGroups.user', null],
      ['inst.instrumentScientists.user', null],
    ]);
    expect(order).toEqual([{ path: 'i.id', descending: false }]);
    expect(where[0]?.values).toEqual([{ type: 'parameter', value: ':user' }]);
  });

  it('orders datasets by a key that is unique in the end', () => {
    const { order, where, include } = parseJpql(datasetsOf({ investigations: [1, 2], ids: ['7'], techniques: false }));
    expect(order.at(-1)?.path).toBe('ds.id');
    expect(where.map(({ path, values }) => [path, values.length])).toEqual([
      ['ds.investigation.id', 2],
      ['ds.id', 1],
    ]);
    expect(include.map(({ path }) => path)).toEqual(['ds.sample']);
  });
});
