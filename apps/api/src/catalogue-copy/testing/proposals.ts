import { type Beamline, type CatalogueAccount, formatProposalKey, type Proposal } from '@beamdesk/catalogue';
import type { CopiedProposals, CopyStanding } from '../copied-proposals';

export interface GivenProposal {
  catalogue?: string;
  title?: string;
  abstract?: string;
  beamline?: Beamline;
  visits?: { id: string; start?: string }[];
  /** Roles by account. */
  team?: Record<string, string[]>;
}

const BEAMLINE: Beamline = { id: 'bm5', name: 'BM05', technique: 'Tomography' };

/** A proposal as a catalogue shows it; one visit unless some are given. */
export function proposal(name: string, given: GivenProposal = {}): Proposal {
  const {
    catalogue = 'demo',
    title = '',
    abstract = '',
    beamline = BEAMLINE,
    visits = [{ id: '1' }],
    team = {},
  } = given;
  return {
    key: formatProposalKey({ catalogue, facility: 'Lumina', name }),
    catalogue,
    facility: 'Lumina',
    name,
    title,
    abstract,
    visits: visits.map(({ id, start }) => ({
      id,
      beamline,
      start: start === undefined ? null : new Date(start),
      end: null,
    })),
    team: Object.entries(team).map(([account, roles]) => ({ account, name: account, affiliation: null, roles })),
  };
}

export async function copyOf(copies: CopiedProposals, account: CatalogueAccount): Promise<CopyStanding> {
  const [copy] = await copies.standing([account]);
  if (!copy) throw new Error('no copy was made');
  return copy;
}
