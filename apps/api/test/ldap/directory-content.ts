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

const unit = (name: string) => `dn: ou=${name},${BASE}\nobjectClass: organizationalUnit\nou: ${name}`;
const inGroup = (cn: string) => `memberOf: cn=${cn},ou=groups,${BASE}`;
/** 0x00 to 0x0f. */
const GUID = Buffer.from(Array.from({ length: 16 }, (_, i) => i)).toString('base64');

/** @param elsewhere port that a referral names */
export function directoryContent(elsewhere: number): string {
  return [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
    `dn: ${READER.dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: ${READER.password}`,
    unit('people'),
    unit('groups'),
    unit('policies'),
    `dn: cn=default,ou=policies,${BASE}\nobjectClass: device\nobjectClass: pwdPolicy\ncn: default\npwdAttribute: userPassword\npwdLockout: TRUE`,
    person({ uid: 'grace', uuid: 1, name: 'Grace Hopper', lines: [inGroup('id11'), inGroup('chess'), `objectGUID:: ${GUID}`] }),
    person({ uid: 'alan', uuid: 2, lines: ['displayName: Alan Turing', inGroup('Staff\\, all')] }),
    // Two people of one name.
    person({ uid: 'kim', uuid: 3, lines: ['employeeNumber: 77'] }),
    person({ uid: 'kim2', uuid: 4, lines: ['employeeNumber: 77', ...KIMS_MAILS.map((mail) => `mail: ${mail}`)] }),
    // As `ppolicy` marks an account that its administrator has closed.
    person({ uid: 'tom', uuid: 5, lines: ['pwdAccountLockedTime: 000001010000Z'] }),
    // No password at all: a bind with one is refused in other words.
    person({ uid: 'nix', uuid: 6 }).replace(/^userPassword.*\n/m, ''),
    `dn: cn=away,ou=people,${BASE}\nobjectClass: referral\nobjectClass: extensibleObject\ncn: away\nref: ldap://127.0.0.1:${elsewhere}/ou=people,${BASE}`,
    `dn: cn=id11,ou=groups,${BASE}\nobjectClass: groupOfNames\ncn: id11\nmember: uid=grace,ou=people,${BASE}`,
    `dn: cn=chess,ou=groups,${BASE}\nobjectClass: groupOfNames\ncn: chess\nmember: uid=grace,ou=people,${BASE}`,
    `dn: cn=Staff\\, all,ou=groups,${BASE}\nobjectClass: groupOfNames\ncn: Staff, all\nmember: uid=alan,ou=people,${BASE}`,
    `dn: cn=posix,ou=groups,${BASE}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 500\nmemberUid: grace`,
    '',
  ].join('\n\n');
}
