import { catalogueContract, SeedProposal } from '../testing';
import { ScicatSettings } from './scicat-settings';
import { ScicatBench } from './testing/scicat-bench';
import { groupOf, seedScicat } from './testing/scicat-seed';

const BEAMLINES = {
  ID11: { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' },
  N3: { id: 'n3-sans', name: 'N3', technique: 'Neutron small-angle scattering' },
};

const groupsIn = (seed: SeedProposal[]) => (account: string) =>
  seed.filter(({ team }) => team.some((one) => one.account === account)).map(({ name }) => groupOf(name));

const contract = (name: string, given: Partial<ScicatSettings>) =>
  catalogueContract(
    name,
    async (seed) => {
      const bench = await ScicatBench.start();
      seedScicat(bench.server, seed);
      for (const username of ['ada', 'bo', 'chen', 'eve']) {
        const user = { username, password: 'secret', email: `${username}@test.example`, admin: false };
        bench.server.users.push({ ...user, groups: groupsIn(seed)(username) });
      }
      return {
        catalogue: bench.catalogue({ beamlines: BEAMLINES, ...given }),
        ...(given.groups === 'scicat' ? {} : { groupsOf: groupsIn(seed) }),
        settle: async () => bench.server.jobs.finish(),
        close: () => bench.close(),
      };
    },
    { memberLists: false },
  );

const retrieve = { type: 'retrieve', destinationPath: '/archive/retrieve', onBehalf: true };
contract('ScicatCatalogue', { retrieve: { ...retrieve, api: 'v4', email: null } });
contract('ScicatCatalogue with jobs of v3', { retrieve: { ...retrieve, api: 'v3', email: 'desk@test.example' } });
contract('ScicatCatalogue that asks SciCat for the groups of people', { groups: 'scicat' });
