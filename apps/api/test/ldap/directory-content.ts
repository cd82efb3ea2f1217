export const BASE = 'dc=example,dc=org';
export const READER = { dn: `cn=reader,${BASE}`, password: 'the reader reads' };
export const PASSWORD = 'correct horse battery';

/** What a schema of Active Directory is needed for: binary ids. */
export const SCHEMA = `attributetype ( 1.3.6.1.4.1.55555.1 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.55555.2 NAME 'windowsThing' SUP top AUXILIARY MAY ( objectGUID ) )
`;

/** Five more names of one account. */
export const KIMS_MAILS = ['a', 'b', 'c', 'd', 'e'].map((letter) => `kim.${letter}@example.org`);

interface Person {
  uid: string;
  uuid: number;
  name?: string;
  lines?: string[];
}

export const uuidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function person({ uid, uuid, name = `${uid} Engineer`, lines = [] }: Person): string {
  return [
    `dn: uid=${uid},ou=people,${BASE}`,
    'objectClass: inetOrgPerson',
    'objectClass: windowsThing',
    `uid: ${uid}`,
    `cn: ${name}`,
    'sn: Engineer',
    `mail: ${uid}@example.org`,
    `userPassword: ${PASSWORD}`,
    `entryUUID: ${uuidOf(uuid)}`,
    ...lines,
  ].join('\n');
}

const entryOf = (dn: string, classes: string, ...lines: string[]) =>
  [`dn: ${dn}`, ...classes.split(' ').map((name) => `objectClass: ${name}`), ...lines].join('\n');
const unit = (name: string) => `dn: ou=${name},${BASE}\nobjectClass: organizationalUnit\nou: ${name}`;
const inGroup = (cn: string) => `memberOf: cn=${cn},ou=groups,${BASE}`;
/** 0x00 to 0x0f. */
const GUID = Buffer.from(Array.from({ length: 16 }, (_, i) => i)).toString('base64');

/** @param elsewhere port that a referral names */
export function directoryContent(elsewhere: number): string {
  return [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
    entryOf(READER.dn, 'organizationalRole simpleSecurityObject', 'cn: reader', `userPassword: ${READER.password}`),
    unit('people'),
    unit('groups'),
    unit('policies'),
    entryOf(
      `cn=default,ou=policies,${BASE}`,
      'device pwdPolicy',
      'cn: default',
      'pwdAttribute: userPassword',
      'pwdLockout: TRUE',
    ),
    person({
      uid: 'grace',
      uuid: 1,
      name: 'Grace Hopper',
      lines: [inGroup('id11'), inGroup('chess'), `objectGUID:: ${GUID}`],
    }),
    person({ uid: 'alan', uuid: 2, lines: ['displayName: Alan Turing', inGroup('Staff\\, all')] }),
    // Two people of one name.
    person({ uid: 'kim', uuid: 3, lines: ['employeeNumber: 77'] }),
    person({ uid: 'kim2', uuid: 4, lines: ['employeeNumber: 77', ...KIMS_MAILS.map((mail) => `mail: ${mail}`)] }),
    // As `ppolicy` marks an account that its administrator has closed.
    person({ uid: 'tom', uuid: 5, lines: ['pwdAccountLockedTime: 000001010000Z'] }),
    // No password at all: a bind with one is refused in other words.
    person({ uid: 'nix', uuid: 6 }).replace(/^userPassword.*\n/m, ''),
    entryOf(
      `cn=away,ou=people,${BASE}`,
      'referral extensibleObject',
      'cn: away',
      `ref: ldap://127.0.0.1:${elsewhere}/ou=people,${BASE}`,
    ),
    entryOf(`cn=id11,ou=groups,${BASE}`, 'groupOfNames', 'cn: id11', `member: uid=grace,ou=people,${BASE}`),
    entryOf(`cn=chess,ou=groups,${BASE}`, 'groupOfNames', 'cn: chess', `member: uid=grace,ou=people,${BASE}`),
    entryOf(
      `cn=Staff\\, all,ou=groups,${BASE}`,
      'groupOfNames',
      'cn: Staff, all',
      `member: uid=alan,ou=people,${BASE}`,
    ),
    entryOf(`cn=posix,ou=groups,${BASE}`, 'posixGroup', 'cn: posix', 'gidNumber: 500', 'memberUid: grace'),
    '',
  ].join('\n\n');
}
