import { DatasetRecord, Proposal, ProposalKey, TeamMember } from '../proposal';
import { formatProposalKey } from '../proposal-key';
import { CatalogueFile, catalogueFile, checkReferences } from './catalogue-schema';
import { readYamlFile } from './positioned-yaml';

export interface LoadedProposal {
  proposal: Proposal;
  datasets: DatasetRecord[];
  /** Catalogue accounts that may see it. */
  accounts: Set<string>;
}

export interface LoadedCatalogue {
  id: string;
  proposals: Map<ProposalKey, LoadedProposal>;
}

/** Reads and checks the file. @throws YamlInvalid with every fault in it; the system's error when it cannot be read */
export async function loadCatalogue(path: string): Promise<LoadedCatalogue> {
  const file = await readYamlFile(path, catalogueFile, checkReferences);
  const proposals = file.proposals.map((entry) => loadProposal(file, entry));
  return { id: file.catalogue, proposals: new Map(proposals.map((p) => [p.proposal.key, p])) };
}

function loadProposal(file: CatalogueFile, entry: CatalogueFile['proposals'][number]): LoadedProposal {
  const key = formatProposalKey({ catalogue: file.catalogue, facility: file.facility, name: entry.name });
  const beamlines = new Map(file.beamlines.map((b) => [b.id, b]));
  const team = teamOf(file, entry);
  return {
    proposal: {
      key,
      catalogue: file.catalogue,
      facility: file.facility,
      name: entry.name,
      title: entry.title,
      abstract: entry.abstract,
      visits: entry.visits.flatMap((v) => {
        const beamline = beamlines.get(v.beamline);
        return beamline ? [{ id: v.id, beamline, start: v.start ?? null, end: v.end ?? null }] : [];
      }),
      techniques: [...new Set(entry.datasets.flatMap(({ technique }) => technique ?? []))],
      team,
    },
    datasets: entry.datasets.map((d) => ({
      id: d.id,
      name: d.name,
      createdAt: d.createdAt ?? null,
      sizeBytes: d.sizeBytes ?? null,
      fileCount: d.fileCount ?? null,
      sample: d.sample ?? null,
      technique: d.technique ?? null,
      availability: d.archived ? 'archived' : 'online',
    })),
    accounts: new Set(team.map((m) => m.account)),
  };
}

/** The team as listed, and each visit's local contacts. */
function teamOf(file: CatalogueFile, entry: CatalogueFile['proposals'][number]): (TeamMember & { account: string })[] {
  const roles = new Map<string, Set<string>>();
  const add = (account: string, role: string) => roles.set(account, (roles.get(account) ?? new Set()).add(role));
  for (const member of entry.team) for (const role of member.roles) add(member.account, role);
  for (const contact of entry.visits.flatMap((v) => v.localContacts)) add(contact, 'Local contact');
  const people = new Map(file.people.map((p) => [p.account, p]));
  return [...roles].map(([account, held]) => {
    const person = people.get(account);
    return { account, name: person?.name ?? account, affiliation: person?.affiliation ?? null, roles: [...held] };
  });
}
