import { SeedProposal } from '../../testing/seed';
import { ScicatTestServer } from './scicat-server';
import { StoredDataset, StoredProposal } from './scicat-store';

/** The group that owns a proposal of this name. */
export const groupOf = (proposal: string) => `group of ${proposal}`;

export function storedProposal(proposalId: string, given: Partial<StoredProposal> = {}): StoredProposal {
  return {
    proposalId,
    title: `Of ${proposalId}`,
    email: 'proposer@test.example',
    ownerGroup: groupOf(proposalId),
    accessGroups: [],
    isPublished: false,
    ...given,
  };
}

export function storedDataset(pid: string, proposalId: string, given: Partial<StoredDataset> = {}): StoredDataset {
  return {
    pid,
    datasetName: pid,
    type: 'raw',
    size: 10,
    numberOfFiles: 1,
    creationTime: '2026-01-01T19:00:00.000Z',
    ownerGroup: groupOf(proposalId),
    accessGroups: [],
    sharedWith: [],
    isPublished: false,
    proposalIds: [proposalId],
    sampleIds: [],
    techniques: [],
    datasetlifecycle: {
      archivable: false,
      retrievable: true,
      isOnCentralDisk: true,
      archiveStatusMessage: 'datasetOnArchiveDisk',
    },
    ...given,
  };
}

/** Puts proposals into a test SciCat as a facility would hold them. */
export function seedScicat(server: ScicatTestServer, seed: SeedProposal[]): void {
  for (const { name, title, abstract, visits, team, datasets = [] } of seed) {
    const pi = team.find(({ roles }) => roles.includes('Principal investigator'))?.name.split(' ') ?? [];
    const [visit] = visits;
    const pid = `instrument ${visit?.beamline.name}`;
    if (!server.instruments.some((one) => one.pid === pid)) {
      server.instruments.push({ pid, uniqueName: `${pid} unique`, name: visit?.beamline.name ?? '' });
    }
    server.proposals.push(
      storedProposal(name, {
        title,
        abstract,
        instrumentIds: [pid],
        ...(pi[0] ? { pi_firstname: pi[0] } : {}),
        ...(pi[1] ? { pi_lastname: pi[1] } : {}),
        ...(visit?.start ? { startTime: visit.start.toISOString() } : {}),
        ...(visit?.end ? { endTime: visit.end.toISOString() } : {}),
      }),
    );
    for (const dataset of datasets) {
      const archived = dataset.availability === 'archived';
      server.datasets.push(
        storedDataset(`20.500.12345/${name}/${dataset.name}`, name, {
          datasetName: dataset.name,
          sampleIds: [dataset.sample],
          techniques: dataset.technique === null ? [] : [{ pid: dataset.technique, name: dataset.technique }],
          datasetlifecycle: { retrievable: true, isOnCentralDisk: !archived },
        }),
      );
    }
  }
}
