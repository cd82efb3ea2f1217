import type { CatalogueAccount } from '@beamdesk/catalogue';

/** What a login at one provider becomes in a catalogue. */
export interface AccountRule {
  /** The OpenID Connect provider whose subjects it is about, exactly as it names itself. */
  issuer: string;
  /** Fits the whole subject; its groups are $1 to $9. */
  subject: RegExp;
  /** The catalogue's user name. */
  name: string;
  groups: string[];
}

export interface LoginSubject {
  issuer: string;
  subject: string;
}

/** Longer subjects fit no rule; OpenID Connect allows 255. */
const SUBJECT_MAX = 255;

/**
 * The account of the first rule that fits, null where none does or a name would be empty. Only the provider's name and its
 * subject decide: a mail or another claim never does.
 */
export function accountOf(catalogue: string, rules: AccountRule[], login: LoginSubject): CatalogueAccount | null {
  if (login.subject.length > SUBJECT_MAX) return null;
  for (const { issuer, subject, name, groups } of rules) {
    const found = issuer === login.issuer ? subject.exec(login.subject) : null;
    if (!found) continue;
    const account = {
      catalogue,
      name: fill(name, found),
      groups: groups.map((one) => fill(one, found)).filter(Boolean),
    };
    return account.name === '' ? null : account;
  }
  return null;
}

function fill(template: string, found: RegExpExecArray): string {
  return template.replace(/\$([1-9])/g, (_, group: string) => found[Number(group)] ?? '').trim();
}
