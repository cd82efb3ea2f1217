import type { CatalogueAccount } from '@beamdesk/catalogue';
import type { Role } from '@beamdesk/contracts';

/** Somebody who is signed in. */
export interface Person {
  /** `user_account.id` */
  id: string;
  name: string;
  email: string | null;
  /** Roles of today: expired ones are left out. Empty = not authorised. */
  roles: Role[];
  catalogueAccounts: CatalogueAccount[];
  /**
   * Which login session: a SHA-256 of its id in hex, so that tickets, sessions and notifications can name it without
   * being able to use it.
   */
  loginSid: string;
}
