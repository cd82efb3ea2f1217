import type { MappedIdentity } from './map-claims';

/** Who a provider says somebody is. Issuer and subject identify; name and mail are only shown, the mail verified or not. */
export interface VerifiedIdentity extends MappedIdentity {
  provider: string;
  issuer: string;
  /** Path of the portal to go on with. */
  returnTo: string;
}

/** What the callback works with: the person behind the identity. */
export interface SignedInUser {
  /** `user_account.id` */
  userId: string;
  /** `identity.id`; null: a new way in was added, nobody signed in. */
  identityId: string | null;
  provider: string;
  returnTo: string;
  /** When they proved who they are, ms since 1970; null: long ago perhaps. */
  provenAt: number | null;
}
