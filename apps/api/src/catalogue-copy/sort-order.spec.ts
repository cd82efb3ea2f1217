import { sortOrder } from './sort-order';

const inOrder = (texts: string[]): string[] =>
  [...texts].sort((a, b) => Buffer.compare(Buffer.from(sortOrder(a)), Buffer.from(sortOrder(b))));

describe('the order of names in lists', () => {
  it('takes numbers by their value, however long and with whatever zeros', () => {
    const expected = ['MX-2', 'MX-009', 'MX-10', 'MX-10-a', 'MX-100', `MX-${'9'.repeat(30)}`, `MX-1${'0'.repeat(30)}`];
    expect(inOrder([...expected].reverse())).toEqual(expected);
  });

  it('looks at neither case nor accents', () => {
    expect(inOrder(['Zinc', 'ähnlich', 'apple', 'Ahorn'])).toEqual(['ähnlich', 'Ahorn', 'apple', 'Zinc']);
    expect(sortOrder('Müller')).toBe(sortOrder('MULLER'));
  });

  it('is a text that PostgreSQL can hold', () => {
    expect(sortOrder('a\0b')).toBe('ab');
  });
});
