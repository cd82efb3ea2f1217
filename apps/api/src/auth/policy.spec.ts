import { decideAccess, hasRoleFor, NOBODY, PolicyName, Standing } from './policy';

const signedIn: Standing = { signedIn: true, authorised: false, conditionsAccepted: false };
const authorised: Standing = { ...signedIn, authorised: true };
const accepted: Standing = { ...authorised, conditionsAccepted: true };
/** Accepted once, and the authorisation has expired since. */
const expired: Standing = { signedIn: true, authorised: false, conditionsAccepted: true };

describe('decideAccess', () => {
  const table: [PolicyName, (string | null)[]][] = [
    // nobody, signed in, authorised, accepted, expired
    ['public', [null, null, null, null, null]],
    ['signed-in', ['NOT_SIGNED_IN', null, null, null, null]],
    ['authorised', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', null, null, 'NOT_AUTHORISED']],
    ['accepted', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED', null, 'NOT_AUTHORISED']],
    ['member', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED', null, 'NOT_AUTHORISED']],
    ['staff', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED', null, 'NOT_AUTHORISED']],
    ['decider', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED', null, 'NOT_AUTHORISED']],
    ['admin', ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED', null, 'NOT_AUTHORISED']],
  ];

  it.each(table)('%s', (policy, answers) => {
    expect([NOBODY, signedIn, authorised, accepted, expired].map((one) => decideAccess(policy, one))).toEqual(answers);
  });
});

describe('hasRoleFor', () => {
  it.each<[PolicyName, boolean[]]>([
    // nobody, USER, STAFF, SUPPORT, ADMIN
    ['public', [true, true, true, true, true]],
    ['member', [true, true, true, true, true]],
    ['staff', [false, false, true, true, true]],
    ['decider', [false, false, true, false, true]],
    ['admin', [false, false, false, false, true]],
  ])('%s', (policy, answers) => {
    const people = [[], ['USER'], ['USER', 'STAFF'], ['SUPPORT'], ['STAFF', 'ADMIN']] as const;
    expect(people.map((roles) => hasRoleFor(policy, roles))).toEqual(answers);
  });
});
