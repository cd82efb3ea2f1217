import { CatalogueAccount, ProposalSearch } from '../../catalogue';
import { formatProposalKey } from '../../proposal-key';
import { ScicatCatalogue } from '../scicat-catalogue';
import { ScicatLogin, ScicatSettings } from '../scicat-settings';
import { groupOf } from './scicat-seed';
import { ScicatTestServer } from './scicat-server';
import { ScicatUser } from './scicat-store';

export const PASSWORD = 'correct horse battery';
export const ALL: ProposalSearch = { text: '', sort: 'name', offset: 0, limit: 1000 };
export const FIRST = { offset: 0, limit: 1000 };
export const ADMIN: ScicatUser = {
  username: 'reader',
  password: PASSWORD,
  email: 'r@test.example',
  groups: ['admin'],
  admin: true,
};

export const passwordLogin = (password = PASSWORD): ScicatLogin => ({
  kind: 'password',
  route: 'auth/login',
  username: 'reader',
  password,
});
/** In the groups of these proposals. */
export const inGroups = (...proposals: string[]): CatalogueAccount => ({
  catalogue: 'lumina',
  name: 'ada',
  groups: proposals.map(groupOf),
});
export const keyOf = (name: string, facility = 'Lumina') => formatProposalKey({ catalogue: 'lumina', facility, name });

/** A test SciCat and a catalogue that asks it. */
export class ScicatBench {
  private constructor(readonly server: ScicatTestServer) {}

  static async start(): Promise<ScicatBench> {
    const server = await ScicatTestServer.start();
    server.users.push(ADMIN);
    return new ScicatBench(server);
  }

  catalogue(given: Partial<ScicatSettings> = {}): ScicatCatalogue {
    return new ScicatCatalogue({
      id: 'lumina',
      facility: 'Lumina',
      url: this.server.url,
      login: passwordLogin(),
      groups: 'account',
      beamlines: {},
      retrieve: { api: 'v4', type: 'retrieve', destinationPath: '/archive/retrieve', onBehalf: true, email: null },
      ...given,
    });
  }

  get logins(): number {
    return this.server.http.asked(/\/auth\/login$/).length;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
