import type { ClaimMapping } from '../../config';

export type Claims = Readonly<Record<string, unknown>>;

/** Who the claims of a provider say somebody is, as its mapping reads them. */
export interface MappedIdentity {
  subject: string;
  name: string;
  email: string | null;
  /** False: somebody only says that this is their mail. */
  emailVerified: boolean;
  groups: string[];
}

/** OpenID Connect Core 1.0, 2: at most 255 characters. */
const SUBJECT_MAX = 255;
const TEXT_MAX = 200;
const GROUPS_MAX = 500;

/** @returns null where the claims hold no stable id: whoever that is cannot be known again */
export function mapClaims(claims: Claims, mapping: ClaimMapping): MappedIdentity | null {
  const subject = subjectOf(claimAt(claims, mapping.subject));
  if (subject === null) return null;
  const verified = claimAt(claims, mapping.emailVerified);
  const email = textOf(claimAt(claims, mapping.email));
  return {
    subject,
    name: nameOf(claims, mapping)?.text ?? subject,
    email,
    emailVerified: email !== null && (verified === true || verified === 'true'),
    groups: mapping.groups === null ? [] : groupsOf(claimAt(claims, mapping.groups)),
  };
}

/** The claim of exactly this name, else what lies at this path: `realm_access.roles`. */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), claims);
}

/** The name, and the claims it is made of. */
export function nameOf(claims: Claims, mapping: ClaimMapping): { text: string; from: string } | null {
  for (const from of mapping.name) {
    const parts = from.split(/\s+/).map((claim) => textOf(claimAt(claims, claim)));
    const there = parts.filter((part) => part !== null);
    if (there.length === parts.length) return { text: there.join(' ').slice(0, TEXT_MAX), from };
  }
  return null;
}

/** Whether something the mapping asks for is not among the claims; more may be had at the provider's userinfo endpoint. */
export function isIncomplete(claims: Claims, mapping: ClaimMapping): boolean {
  const wanted = [mapping.subject, mapping.email, ...(mapping.groups === null ? [] : [mapping.groups])];
  return nameOf(claims, mapping) === null || wanted.some((path) => claimAt(claims, path) === undefined);
}

/** Taken as it is, blanks and all; SAML proxies make a list of one of every attribute. */
function subjectOf(value: unknown): string | null {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === 'string' && one.trim() !== '' && one.length <= SUBJECT_MAX ? one : null;
}

function textOf(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one.trim() !== '' ? one.trim().slice(0, TEXT_MAX) : null;
}

function groupsOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter(
    (one): one is string => typeof one === 'string' && one.trim() !== '' && one.length <= TEXT_MAX,
  );
  return [...new Set(texts.map((one) => one.trim()))].slice(0, GROUPS_MAX);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
