import { catalogueContract } from '../testing';
import { IcatCatalogue } from './icat-catalogue';
import { IcatAccess } from './icat-settings';
import { IcatTestServer } from './testing/icat-server';
import { seedIcat } from './testing/icat-seed';

const BEAMLINES = {
  ID11: { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' },
  N3: { id: 'n3-sans', name: 'N3', technique: 'Neutron small-angle scattering' },
};

/** Names the contract tries, who have a login there and nothing else. */
const ODD = ['ADA', 'ada ', '*', '%', "' or 1=1 --", '__proto__'];

const contract = (name: string, access: IcatAccess) =>
  catalogueContract(name, async (seed) => {
    const server = await IcatTestServer.start();
    seedIcat(server, seed);
    server.passwords.set('db/reader', 'secret');
    for (const account of ['ada', 'bo', 'chen', 'eve', ...ODD]) server.tokens.set(`token of ${account}`, account);
    const { url, idsUrl } = server;
    const catalogue = new IcatCatalogue({
      id: 'lumina',
      url,
      idsUrl,
      access,
      membership: ['users'],
      roles: {},
      beamlines: BEAMLINES,
    });
    return {
      catalogue,
      settle: async () => server.ids.finishRestores(),
      close: async () => {
        await catalogue.close();
        expect(server.sessions.count).toBe(0);
        await server.close();
      },
    };
  });

contract('IcatCatalogue with a service account', {
  kind: 'service',
  login: { plugin: 'db', credentials: [{ username: 'db/reader' }, { password: 'secret' }] },
});

contract("IcatCatalogue with each person's own session", {
  kind: 'own',
  loginOf: async ({ name }) => ({ plugin: 'oidc', credentials: [{ token: `token of ${name}` }] }),
});
