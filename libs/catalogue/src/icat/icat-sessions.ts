import { CatalogueAccount } from '../catalogue';
import { unavailable } from '../http/unavailable';
import { HeldSession } from './held-session';
import { IcatClient } from './icat-client';
import { IcatSession } from './icat-session';
import { SessionOfTheirs } from './kept-session';
import { IcatAccess } from './icat-settings';

/** Sessions of people that are kept at once; the longest unused goes first. */
const KEPT = 500;

/** Which session a person's questions are asked with. */
export class IcatSessions {
  private readonly service: HeldSession | null;
  private readonly own = new Map<string, HeldSession>();

  constructor(
    private readonly client: IcatClient,
    private readonly access: IcatAccess,
  ) {
    this.service =
      access.kind === 'service' ? new HeldSession(client, () => Promise.resolve(access.login), null) : null;
  }

  /** Whether ICAT itself knows who asks, so that `:user` is that person. */
  get areOwn(): boolean {
    return this.service === null;
  }

  /** Null account: nobody in particular, which only a service account can be. */
  of(account: CatalogueAccount | null): IcatSession | null {
    if (this.service || !account) return this.service;
    if (this.access.kind === 'kept') return new SessionOfTheirs(this.client, account, this.access.sessionOf);
    const { name } = account;
    const known = this.own.get(name) ?? this.make(account);
    this.own.delete(name);
    this.own.set(name, known);
    for (const [oldest, session] of this.own) {
      if (this.own.size <= KEPT) break;
      this.own.delete(oldest);
      void session.close();
    }
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([this.service, ...this.own.values()].map((session) => session?.close()));
    this.own.clear();
  }

  private make(account: CatalogueAccount): HeldSession {
    const { access } = this;
    const login = async () => {
      const found = access.kind === 'own' ? await access.loginOf(account) : null;
      if (found) return found;
      throw unavailable('credentials', `'${account.name}' has no login for a session of their own`);
    };
    return new HeldSession(this.client, login, account.name);
  }
}
