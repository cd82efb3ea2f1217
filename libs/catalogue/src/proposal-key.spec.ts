import fc from 'fast-check';
import { formatProposalKey, parseProposalKey } from './index';

describe('proposal key', () => {
  it('keeps what a URL path would break', () => {
    const parts = { catalogue: 'demo', facility: 'ESRF', name: 'MX/2415 ü:1' };
    const key = formatProposalKey(parts);
    expect(key).toBe('demo:ESRF:MX~2f2415~20~c3~bc~3a1');
    expect(encodeURIComponent(key).replaceAll('%3A', ':')).toBe(key);
    expect(parseProposalKey(key)).toEqual(parts);
  });

  it('is undone exactly, for any parts', () => {
    const part = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((s) => s.isWellFormed());
    fc.assert(
      fc.property(part, part, part, (catalogue, facility, name) => {
        const parts = { catalogue, facility, name };
        let key: string;
        try {
          key = formatProposalKey(parts);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(parseProposalKey(key)).toEqual(parts);
      }),
    );
  });

  it.each([
    '',
    'a:b',
    'a:b:c:d',
    'a::c',
    '../x:b:c',
    'a:b:~2F',
    'a:b:~41',
    'a:b:~',
    'a:b:~ff',
    'a:b:c%20',
    `a:b:${'c'.repeat(255)}`,
  ])('refuses %j', (key) => expect(parseProposalKey(key)).toBeNull());
});
