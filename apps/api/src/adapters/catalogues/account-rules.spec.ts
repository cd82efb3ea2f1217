import { type AccountRule, accountOf } from './account-rules';

const ISSUER = 'https://login.test.example';
const rule = (subject: RegExp, name: string, groups: string[] = []): AccountRule => ({
  issuer: ISSUER,
  subject,
  name,
  groups,
});
const login = (subject: string, issuer = ISSUER) => ({ issuer, subject });

describe('accountOf', () => {
  const rules = [rule(/^(?:demo\|([a-z]+))$/u, 'db/$1', ['$1', 'p-$1']), rule(/^(?:staff-(.*))$/u, '$1')];

  it('fills in what the subject holds, by the first rule that fits', () => {
    expect(accountOf('icat', rules, login('demo|ada'))).toEqual({
      catalogue: 'icat',
      name: 'db/ada',
      groups: ['ada', 'p-ada'],
    });
    expect(accountOf('icat', rules, login('staff-dana'))).toEqual({ catalogue: 'icat', name: 'dana', groups: [] });
  });

  it.each([
    ['another provider with the same subject', login('demo|ada', 'https://evil.test.example')],
    ['a subject that only holds what is asked for', login('x demo|ada')],
    ['a line more', login('demo|ada\n')],
    ['an empty name', login('staff-')],
    ['nothing', login('')],
    ['a subject without end', login(`staff-${'x'.repeat(300)}`)],
  ])('gives no account for %s', (_what, given) => expect(accountOf('icat', rules, given)).toBeNull());

  it('takes the groups of the identity where the rule says so, those alone that the pattern fits', () => {
    const given = { ...login('ada'), groups: ['team-a', 'team-b', 'team-', 'other', 'xteam-c', 'team-a'] };
    const of = (groupPattern?: RegExp) =>
      accountOf(
        'scicat',
        [{ issuer: ISSUER, subject: /^ada$/, name: 'ada', groups: 'from-identity', groupPattern }],
        given,
      )?.groups;
    expect(of()).toEqual(['team-a', 'team-b', 'team-', 'other', 'xteam-c']);
    expect(of(/^(?:team-(.*))$/u)).toEqual(['a', 'b']);
    expect(of(/^(?:team-.)$/u)).toEqual(['team-a', 'team-b']);
    expect(accountOf('scicat', [rule(/^ada$/, 'ada', ['own'])], given)?.groups).toEqual(['own']);
  });

  it('gives no groups of an identity that has told none', () => {
    const rules: AccountRule[] = [{ issuer: ISSUER, subject: /^ada$/, name: 'ada', groups: 'from-identity' }];
    expect(accountOf('scicat', rules, login('ada'))?.groups).toEqual([]);
  });

  it('takes what looks like a place in a subject for text', () => {
    expect(accountOf('icat', rules, login('staff-$1$2'))?.name).toBe('$1$2');
  });
});
