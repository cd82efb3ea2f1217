/** Who a provider says somebody is. Issuer and subject identify; name and mail are only shown. */
export interface VerifiedIdentity {
  provider: string;
  issuer: string;
  subject: string;
  name: string;
  email: string | null;
  /** Path of the portal to go on with. */
  returnTo: string;
}

/** What the callback works with: the person behind the identity. */
export interface SignedInUser {
  /** `user_account.id` */
  userId: string;
  provider: string;
  returnTo: string;
}
