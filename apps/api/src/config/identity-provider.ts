import { Secret } from './secret';

/** Which claims of a provider say what; each may be a path into objects (`realm_access.roles`). */
export interface ClaimMapping {
  /** By what a person is known again: unique, for ever theirs, out of their own hands. */
  subject: string;
  /** The first that is there counts; several in one text, with blanks between, are put together. */
  name: string[];
  email: string;
  /** True where the provider has checked the mail. */
  emailVerified: string;
  /** A list of texts, or one text; null: the provider names no groups. */
  groups: string | null;
}

/** One OpenID Connect provider as the site describes it. */
export interface ProviderDescription {
  /** In addresses and login sessions. */
  id: string;
  /** What the sign-in button says, e.g. "UmbrellaID (demo)". */
  label: string;
  /** As the provider itself writes it: with or without a slash at the end. */
  issuer: string;
  clientId: string;
  /** What it is asked for, e.g. `openid profile email`. */
  scope: string;
  claims: ClaimMapping;
  /**
   * Where it sends browsers back to, on PUBLIC_URL. One of its own for each provider, so that no answer can be taken for
   * another provider's (RFC 9700, 4.4: mix-up attacks).
   */
  callbackPath: string;
}

/** …and with its secret: what a sign-in needs. */
export interface OidcSettings extends ProviderDescription {
  clientSecret: Secret;
}

/** The provider of the settings `OIDC_…`. */
export const SHORT_FORM_ID = 'umbrella';
/** Where the provider of the settings sends browsers back to; those of the file append `/ID`. */
export const CALLBACK_PATH = '/api/auth/callback';

export const STANDARD_SCOPE = 'openid profile email';

/** What OpenID Connect Core 1.0 (5.1) calls these things. */
export const STANDARD_CLAIMS: Readonly<ClaimMapping> = Object.freeze({
  subject: 'sub',
  name: ['name', 'given_name family_name', 'preferred_username'],
  email: 'email',
  emailVerified: 'email_verified',
  groups: null,
});

/** The provider of the settings `OIDC_…`, which reads the standard claims. */
export function shortForm(given: Pick<ProviderDescription, 'issuer' | 'clientId' | 'label'>): ProviderDescription {
  const { issuer, clientId, label } = given;
  const claims = { ...STANDARD_CLAIMS };
  return { id: SHORT_FORM_ID, label, issuer, clientId, scope: STANDARD_SCOPE, claims, callbackPath: CALLBACK_PATH };
}
