import type { Entry } from 'ldapts';
import type { DirectorySettings } from '../../config';
import { type MappedIdentity, mapClaims } from '../sign-in/map-claims';

/** An account as a directory shows it. */
export interface AccountEntry {
  dn: string;
  /** Values by attribute, in the lower case of its name. */
  values: ReadonlyMap<string, readonly (string | Buffer)[]>;
}

/** Every attribute of an account that the settings ask for. */
export function wantedAttributes({ accounts, groups }: DirectorySettings): string[] {
  const source = groups?.source;
  const forGroups = source?.kind === 'attribute' ? [source.attribute] : source && source.by !== 'dn' ? [source.by] : [];
  return [
    ...new Set([accounts.subject, ...accounts.name.flatMap((one) => one.split(/\s+/)), accounts.email, ...forGroups]),
  ];
}

export function accountEntry({ dn, ...attributes }: Entry): AccountEntry {
  const values = new Map<string, (string | Buffer)[]>();
  for (const [type, value] of Object.entries(attributes)) {
    // Options are kinds of the same attribute: `mail;lang-de`, `memberOf;range=0-1499` (RFC 4512, 2.5).
    const name = type.split(';', 1)[0]?.toLowerCase() ?? '';
    values.set(name, [...(values.get(name) ?? []), ...(Array.isArray(value) ? value : [value])]);
  }
  return { dn, values };
}

/** Its values that are text. */
export function textsOf(entry: AccountEntry, attribute: string): string[] {
  return (entry.values.get(attribute.toLowerCase()) ?? []).filter((value) => typeof value === 'string');
}

/** @returns null where the entry holds no stable id, or several: whoever that is cannot be known again */
export function identityOfEntry(
  entry: AccountEntry,
  { accounts }: DirectorySettings,
  groups: string[],
): MappedIdentity | null {
  const { subject, name, email } = accounts;
  const ids = (entry.values.get(subject.toLowerCase()) ?? []).map((value) => idText(subject, value));
  const named = [...new Set([email, ...name.flatMap((one) => one.split(/\s+/))])];
  const claims = {
    ...Object.fromEntries(named.map((attribute) => [attribute, textsOf(entry, attribute)])),
    [SUBJECT]: ids,
    [GROUPS]: groups,
  };
  return mapClaims(claims, { subject: SUBJECT, name, email, emailVerified: NOWHERE, groups: GROUPS });
}

/** Names that no attribute can have. */
const SUBJECT = ' stable id';
const GROUPS = ' groups';
const NOWHERE = ' nowhere';

/** Text as it is; bytes in hex, those of objectGUID as Active Directory's own tools write them (MS-DTYP, 2.3.4.3). */
function idText(attribute: string, value: string | Buffer): string {
  const bytes = Buffer.from(value);
  if (attribute.toLowerCase() === 'objectguid' && bytes.length === 16) return guidText(bytes);
  const text = typeof value === 'string' ? value : bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) && !/\p{Cc}/u.test(text) ? text : bytes.toString('hex');
}

function guidText(bytes: Buffer): string {
  const part = (...order: number[]) => order.map((i) => bytes.toString('hex', i, i + 1)).join('');
  return [part(3, 2, 1, 0), part(5, 4), part(7, 6), part(8, 9), part(10, 11, 12, 13, 14, 15)].join('-');
}
