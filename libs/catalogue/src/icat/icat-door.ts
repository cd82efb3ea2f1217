import { CatalogueHttp, HTTP_LIMITS, HttpLimits } from '../http/catalogue-http';
import { IcatClient } from './icat-client';
import { isFault } from './icat-fault';
import { IcatLogin } from './icat-settings';

/** One way to sign in to ICAT. */
export interface IcatAuthenticator {
  mnemonic: string;
  /** For people. */
  label: string;
  /** In the order in which ICAT wants them. */
  fields: { name: string; hidden: boolean }[];
}

export interface OpenedSession {
  id: string;
  /** Whose it is: `User.name`, as a rule `mechanism/name`. */
  user: string;
  endsAt: Date;
}

/** Where people sign in to ICAT themselves. Keeps nothing. */
export class IcatDoor {
  private readonly client: IcatClient;

  /** @param url as in `IcatSettings` */
  constructor(url: string, limits: HttpLimits = HTTP_LIMITS) {
    this.client = new IcatClient(new CatalogueHttp(url, limits));
  }

  /** Those that ask who somebody is: one without fields lets in anybody, and so tells nobody apart. */
  async authenticators(): Promise<IcatAuthenticator[]> {
    const { authenticators } = await this.client.properties();
    return authenticators
      .filter(({ keys }) => keys.length > 0)
      .map(({ mnemonic, friendly, keys }) => ({
        mnemonic,
        label: friendly ?? mnemonic,
        fields: keys.map(({ name, hide }) => ({ name, hidden: hide })),
      }));
  }

  /** Null: not let in. @throws CatalogueUnavailable when it cannot be asked */
  async open(login: IcatLogin): Promise<OpenedSession | null> {
    const id = await this.client.login(login).catch((error: unknown) => {
      if (isFault(error, 'SESSION')) return null;
      throw error;
    });
    if (id === null) return null;
    const { userName, remainingMinutes } = await this.client.session(id);
    return { id, user: userName, endsAt: after(remainingMinutes) };
  }

  /** Gives a session its full life again. Null: ICAT does not know it any longer. @throws CatalogueUnavailable */
  async extend(id: string): Promise<Date | null> {
    try {
      await this.client.refresh(id);
      return after((await this.client.session(id)).remainingMinutes);
    } catch (error) {
      if (isFault(error, 'SESSION')) return null;
      throw error;
    }
  }

  /** One that is over already is ended as well. @throws CatalogueUnavailable */
  async end(id: string): Promise<void> {
    await this.client.logout(id).catch((error: unknown) => {
      if (!isFault(error, 'SESSION')) throw error;
    });
  }
}

function after(minutes: number): Date {
  return new Date(Date.now() + Math.max(0, minutes) * 60_000);
}
