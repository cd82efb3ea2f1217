import { SeedProposal } from '../../testing/seed';
import { EntityNode } from './entities';
import { IcatTestServer } from './icat-server';

/** Puts proposals into a test ICAT as a facility would hold them: one Investigation for each visit. */
export function seedIcat(server: IcatTestServer, seed: SeedProposal[], facility = 'Lumina'): void {
  for (const proposal of seed) {
    const visits = proposal.visits.map((visit) => addInvestigation(server, proposal, visit, facility));
    for (const dataset of proposal.datasets ?? []) if (visits[0]) addDataset(server, visits[0], dataset);
  }
}

export function addInvestigation(
  { store }: IcatTestServer,
  { name, title, abstract, team }: Pick<SeedProposal, 'name' | 'title' | 'abstract' | 'team'>,
  visit: Partial<SeedProposal['visits'][number]> & { id: string },
  facility = 'Lumina',
): EntityNode {
  const investigation = store.add(
    'Investigation',
    { name, visitId: visit.id, title, summary: abstract, startDate: visit.start ?? null, endDate: visit.end ?? null },
    { facility: store.named('Facility', facility) },
  );
  if (visit.beamline) {
    const instrument = store.named('Instrument', visit.beamline.name, { fullName: `${visit.beamline.name} in full` });
    store.below(investigation, 'investigationInstruments', {}, { instrument });
  }
  for (const member of team) {
    const user = store.named('User', member.account ?? '', { fullName: member.name, affiliation: member.affiliation });
    for (const role of member.roles) store.below(investigation, 'investigationUsers', { role }, { user });
  }
  return investigation;
}

export function addDataset(
  { store, ids }: IcatTestServer,
  investigation: EntityNode,
  {
    name,
    createdAt,
    sizeBytes,
    fileCount,
    sample,
    technique,
    availability,
  }: NonNullable<SeedProposal['datasets']>[number],
): EntityNode {
  const dataset = store.add(
    'Dataset',
    { name, startDate: createdAt, endDate: null, fileSize: sizeBytes ?? 0, fileCount: fileCount ?? 0, complete: true },
    { investigation, sample: sample === null ? null : store.named('Sample', sample) },
  );
  (investigation.many['datasets'] ??= []).push(dataset);
  if (technique !== null) {
    store.below(dataset, 'datasetTechniques', {}, { technique: store.named('Technique', technique) });
  }
  ids.where.set(dataset.id, availability === 'archived' ? 'ARCHIVED' : 'ONLINE');
  return dataset;
}
