import type { Secret } from '../secret';

/** Which attributes of an account say what. */
export interface AccountAttributes {
  /** By what a person is known again: unique, for ever theirs. */
  subject: string;
  /** The first that is there counts; several in one text, with blanks between, are put together. */
  name: string[];
  email: string;
}

/**
 * Where a directory says which groups an account is in: an attribute of the account, or entries that name their
 * members.
 */
export type GroupSource =
  | { kind: 'attribute'; attribute: string }
  /** `by`: what fills the filter's placeholder, `dn` or an attribute of the account. */
  | { kind: 'search'; base: string; filter: string; by: string };

/** One group of the table. */
export interface NamedGroup {
  /** As the file writes it. */
  dn: string;
  /** What it is called here. */
  name: string;
}

/** An LDAP directory people sign in with, as the site describes it. */
export interface DirectorySettings {
  /** In requests and login sessions, beside the ids of providers. */
  id: string;
  label: string;
  /** Of the identities it vouches for. */
  issuer: string;
  host: string;
  port: number;
  /** `start-tls` begins in the clear and says nothing before TLS is there; `none` only on this very machine. */
  security: 'tls' | 'start-tls' | 'none';
  /** PEM: who may have signed its certificate; null: whom Node trusts. */
  ca: string | null;
  /** By whom accounts are looked up; null: by nobody (anonymously). */
  reader: { dn: string; password: Secret } | null;
  accounts: AccountAttributes & { base: string; filter: string };
  groups: { source: GroupSource; names: NamedGroup[] } | null;
  /** For everything that is asked of it in one sign-in. */
  timeoutMs: number;
}

/** Issuer of the identities of a directory, e.g. for account rules of catalogues. */
export function directoryIssuer(id: string): string {
  return `urn:beamdesk:ldap:${id}`;
}
