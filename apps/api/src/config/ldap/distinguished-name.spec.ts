import { dnKey } from './distinguished-name';

describe('dnKey', () => {
  it.each([
    ['cn=a,dc=x', 'CN=A, DC=X'],
    ['cn=Staff\\, all,dc=x', 'cn=staff\\2c  ALL,dc=x'],
    ['cn=a+ou=b,dc=x', 'OU=b+CN=a,dc=x'],
    ['cn=Müller,dc=x', 'cn=M\\c3\\bcller,dc=x'],
    ['cn=a\\ ,dc=x', 'cn=a,dc=x'],
  ])('is the same for %s and %s', (one, other) => {
    expect(dnKey(one)).not.toBeNull();
    expect(dnKey(one)).toBe(dnKey(other));
  });

  it.each([
    ['cn=a,dc=x', 'cn=a,dc=x,dc=y'],
    ['cn=a\\,dc=x', 'cn=a,dc=x'],
    ['cn=a\\+b=c,dc=x', 'cn=a+b=c,dc=x'],
    ['cn=a,dc=x', 'ou=a,dc=x'],
    ['cn=a,dc=x', 'dc=x,cn=a'],
  ])('tells %s from %s', (one, other) => expect(dnKey(one)).not.toBe(dnKey(other)));

  it.each(['', 'a', 'cn=', 'cn=a,', '=a', 'cn=a\\', ',cn=a', 'c n=a', 'cn=a,,dc=x'])('is null for %j', (text) =>
    expect(dnKey(text)).toBeNull(),
  );
});
