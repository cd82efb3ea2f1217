import { STANDARD_CLAIMS } from '../../config';
import { isIncomplete, mapClaims } from './map-claims';

describe('mapClaims', () => {
  const standard = { ...STANDARD_CLAIMS };
  const keycloak = { ...standard, groups: 'realm_access.roles' };
  const eduGain = {
    ...standard,
    subject: 'voperson_id',
    name: ['displayName', 'given_name family_name'],
    email: 'mail',
  };

  it('reads what OpenID Connect calls by its names', () => {
    const claims = { sub: 'a1', name: ' Ada Okafor ', email: 'ada@example.org', email_verified: true, groups: ['x'] };
    expect(mapClaims(claims, standard)).toEqual({
      subject: 'a1',
      name: 'Ada Okafor',
      email: 'ada@example.org',
      emailVerified: true,
      groups: [],
    });
  });

  it('reads paths into objects, and a claim whose name only looks like one', () => {
    const groups = ['staff', 'staff', ' id11 ', '', 7, null];
    expect(mapClaims({ sub: 'a', realm_access: { roles: groups } }, keycloak)?.groups).toEqual(['staff', 'id11']);
    expect(mapClaims({ sub: 'a', 'realm_access.roles': 'staff' }, keycloak)?.groups).toEqual(['staff']);
    expect(mapClaims({ sub: 'a', realm_access: 'roles' }, keycloak)?.groups).toEqual([]);
    expect(mapClaims({ sub: 'a' }, { ...standard, groups: 'constructor.name' })?.groups).toEqual([]);
  });

  it('puts a name together where there is no whole one, and falls back to the id', () => {
    const claims = { voperson_id: ['ada@id.example'], given_name: 'Ada', family_name: 'Okafor', mail: ['a@x', 'b@x'] };
    expect(mapClaims(claims, eduGain)).toMatchObject({ subject: 'ada@id.example', name: 'Ada Okafor', email: 'a@x' });
    expect(mapClaims({ voperson_id: 'v', given_name: 'Ada' }, eduGain)?.name).toBe('v');
  });

  it.each([
    [undefined, false],
    [false, false],
    ['false', false],
    [1, false],
    ['true', true],
    [true, true],
  ])('counts email_verified %p as %p', (value, verified) =>
    expect(mapClaims({ sub: 'a', email: 'a@x', email_verified: value }, standard)?.emailVerified).toBe(verified),
  );

  it('calls no mail verified where there is none', () =>
    expect(mapClaims({ sub: 'a', email_verified: true }, standard)).toMatchObject({
      email: null,
      emailVerified: false,
    }));

  it.each([[undefined], [''], ['  '], [7], [['a', 'b']], [[]], [{ a: 1 }], ['x'.repeat(256)]])(
    'knows nobody by the id %j',
    (sub) => expect(mapClaims({ sub, name: 'Ada', email: 'ada@example.org' }, standard)).toBeNull(),
  );

  it('never takes the standard id for one the mapping names and the provider does not send', () =>
    expect(mapClaims({ sub: 'a1', name: 'Ada' }, eduGain)).toBeNull());

  it('takes an id as it is: two that differ in a blank are two', () =>
    expect(mapClaims({ sub: ' a1' }, standard)?.subject).toBe(' a1'));

  it('says when something asked for is missing', () => {
    const whole = { sub: 'a', preferred_username: 'ada', email: 'a@x' };
    expect(isIncomplete(whole, standard)).toBe(false);
    expect(isIncomplete(whole, keycloak)).toBe(true);
    expect(isIncomplete({ ...whole, email: undefined }, standard)).toBe(true);
    expect(isIncomplete({ ...whole, preferred_username: '' }, standard)).toBe(true);
  });
});
