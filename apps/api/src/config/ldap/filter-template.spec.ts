import { FilterParser } from 'ldapts';
import { anyFilter, filledFilter, placeholderOf } from './filter-template';

describe('a search filter with a placeholder', () => {
  it.each([
    ['(uid={name})', 'name'],
    ['(&(objectClass=person)(|(uid={name})(!(x=y))))', 'name'],
    ['(member:1.2.840.113556.1.4.1941:={dn})', 'dn'],
  ])('%s is filled with its %s', (template, name) => expect(placeholderOf(template)).toBe(name));

  it.each([
    '(uid=x)',
    '(uid={name}*)',
    '(uid=*{name})',
    '(uid={name})(cn={name})',
    '(|(uid={name})(mail={name}))',
    '({name}=x)',
    '{name}',
    'uid={name}',
    '(uid={name}',
    '(uid={name}))',
    '(uid={})',
    '(uid>={name})',
    '(uid~={name})',
    '(uid={na me})',
    '(&(uid={name}))x',
    '',
  ])('%j is none', (template) => expect(placeholderOf(template)).toBeNull());

  it('looks for the value and nothing else, whatever signs it is made of', () => {
    for (const value of ['*', '*)(uid=*', 'a)(|(uid=*', '\\2a', '\u0000', '()', 'é€😀', '$&', '{name}', "'$1"]) {
      const filter = FilterParser.parseString(filledFilter('(&(a=b)(uid={name}))', value));
      expect(filter).toMatchObject({
        filters: [
          { attribute: 'a', value: 'b' },
          { attribute: 'uid', value },
        ],
      });
    }
  });

  it.each([
    ['(&(a=b)(uid={name}))', '(&(a=b)(uid=*))'],
    ['(member:1.2.840.113556.1.4.1941:={dn})', '(member=*)'],
  ])('%s becomes one that fits any value', (template, any) => expect(anyFilter(template)).toBe(any));
});
