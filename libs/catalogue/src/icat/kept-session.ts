import { CatalogueAccount } from '../catalogue';
import { unavailable } from '../http/unavailable';
import { IcatClient } from './icat-client';
import { IcatSession, isGone } from './icat-session';
import { KeptSession } from './icat-settings';

/** A person's own session that is looked after elsewhere. Without one, or once it is over, the person has to sign in again. */
export class SessionOfTheirs implements IcatSession {
  constructor(
    private readonly client: IcatClient,
    private readonly account: CatalogueAccount,
    private readonly sessionOf: (account: CatalogueAccount) => Promise<KeptSession | null>,
  ) {}

  /** @throws CatalogueUnavailable sign-in */
  async use<T>(work: (id: string) => Promise<T>): Promise<T> {
    const kept = await this.sessionOf(this.account);
    if (!kept) throw unavailable('sign-in', `'${this.account.name}' has no session of their own`);
    try {
      return await work(kept.id);
    } catch (error) {
      if (!(await isGone(this.client, kept.id, error))) throw error;
      await kept.lost();
      throw unavailable('sign-in', `the session of '${this.account.name}' is over`);
    }
  }

  async close(): Promise<void> {
    // Whoever looks after it ends it.
  }
}
