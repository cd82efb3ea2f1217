import type { CatalogueAccount } from '@beamdesk/catalogue';

/** Says that an account has the groups which the provider gives the login. */
export const FROM_IDENTITY = 'from-identity';

/** What a login at one provider becomes in a catalogue. */
export interface AccountRule {
  /** The OpenID Connect provider whose subjects it is about, exactly as it names itself. */
  issuer: string;
  /** Fits the whole subject; its groups are $1 to $9. */
  subject: RegExp;
  /** The catalogue's user name. */
  name: string;
  groups: string[] | typeof FROM_IDENTITY;
  /** Of groups from the identity: only those that it fits; its first group, where it has one, is what the catalogue calls them. */
  groupPattern?: RegExp | undefined;
}

export interface LoginSubject {
  issuer: string;
  subject: string;
  /** What the provider gave it at the last sign-in. */
  groups?: readonly string[];
}

/** Longer subjects fit no rule; OpenID Connect allows 255. */
const SUBJECT_MAX = 255;

/**
 * The account of the first rule that fits, null where none does or a name would be empty. Only the provider's name and its
 * subject decide whose account it is: a mail or another claim never does.
 */
export function accountOf(catalogue: string, rules: AccountRule[], login: LoginSubject): CatalogueAccount | null {
  if (login.subject.length > SUBJECT_MAX) return null;
  for (const rule of rules) {
    const found = rule.issuer === login.issuer ? rule.subject.exec(login.subject) : null;
    if (!found) continue;
    const groups = [...new Set(groupsOf(rule, found, login.groups ?? []).filter(Boolean))];
    const account = { catalogue, name: fill(rule.name, found), groups };
    return account.name === '' ? null : account;
  }
  return null;
}

function groupsOf({ groups, groupPattern }: AccountRule, found: RegExpExecArray, given: readonly string[]): string[] {
  if (groups !== FROM_IDENTITY) return groups.map((one) => fill(one, found));
  if (!groupPattern) return [...given];
  return given.flatMap((one) => {
    const fits = groupPattern.exec(one);
    return fits ? [(fits.length > 1 ? (fits[1] ?? '') : one).trim()] : [];
  });
}

function fill(template: string, found: RegExpExecArray): string {
  return template.replace(/\$([1-9])/g, (_, group: string) => found[Number(group)] ?? '').trim();
}
