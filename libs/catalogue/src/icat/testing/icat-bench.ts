import { CatalogueAccount, ProposalSearch } from '../../catalogue';
import { formatProposalKey } from '../../proposal-key';
import { IcatCatalogue } from '../icat-catalogue';
import { IcatLogin, IcatSettings } from '../icat-settings';
import { IcatTestServer } from './icat-server';

export const PASSWORD = 'correct horse battery';
export const ALL: ProposalSearch = { text: '', sort: 'name', offset: 0, limit: 1000 };
export const FIRST = { offset: 0, limit: 100 };

export const serviceLogin = (password = PASSWORD): IcatLogin => ({
  plugin: 'db',
  credentials: [{ username: 'db/reader' }, { password }],
});

export const as = (name: string): CatalogueAccount => ({ catalogue: 'lumina', name, groups: [] });
export const keyOf = (name: string, facility = 'Lumina') => formatProposalKey({ catalogue: 'lumina', facility, name });
export const member = (account: string, ...roles: string[]) => ({ account, name: account, affiliation: null, roles });

/** A test ICAT and a catalogue that asks it; both end with `close`. */
export class IcatBench {
  private readonly catalogues: IcatCatalogue[] = [];

  private constructor(readonly server: IcatTestServer) {}

  static async start(): Promise<IcatBench> {
    const server = await IcatTestServer.start();
    server.passwords.set('db/reader', PASSWORD);
    return new IcatBench(server);
  }

  catalogue(given: Partial<IcatSettings> = {}): IcatCatalogue {
    const catalogue = new IcatCatalogue({
      id: 'lumina',
      url: this.server.url,
      idsUrl: this.server.idsUrl,
      access: { kind: 'service', login: serviceLogin() },
      membership: ['users'],
      roles: {},
      beamlines: {},
      ...given,
    });
    this.catalogues.push(catalogue);
    return catalogue;
  }

  async close(): Promise<void> {
    this.server.http.mischief = () => null;
    await Promise.all(this.catalogues.map((catalogue) => catalogue.close()));
    await this.server.close();
  }
}
