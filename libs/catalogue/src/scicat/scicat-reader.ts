import { parseProposalKey } from '../proposal-key';
import { CatalogueAccount } from '../catalogue';
import { unavailable } from '../http/unavailable';
import { ProposalKey } from '../proposal';
import { Page, ScicatClient } from './scicat-client';
import { ScicatDataset, ScicatInstrument, ScicatProposal } from './scicat-rows';

export const PAGE = 200;
/** Nobody has so many; a question that yields them is a wrong one. */
const PROPOSALS_MAX = 20_000;
/** Of one proposal; what follows is not looked at. */
export const DATASETS_MAX = 10_000;
/** Escaped length of the groups in one question: they stand in its URL twice. */
const GROUPS_LENGTH = 600;
const INSTRUMENTS_BELIEVED_MS = 10 * 60_000;

/** What an account may see, by its groups: SciCat has no lists of members. Every row that comes back is looked at again. */
export class ScicatReader {
  private instruments: { byPid: Map<string, ScicatInstrument>; until: number } | null = null;

  constructor(
    private readonly client: ScicatClient,
    private readonly facility: string,
  ) {}

  /** Each once. */
  async proposals({ groups }: CatalogueAccount): Promise<ScicatProposal[]> {
    const found = await Promise.all(
      inParts(groups).map((part) => all((page) => this.client.proposals(part, null, page), PROPOSALS_MAX + 1)),
    );
    const rows = new Map(found.flat().map((row) => [row.proposalId, row]));
    if (rows.size > PROPOSALS_MAX) throw unavailable('refused', `more than ${PROPOSALS_MAX} proposals`);
    return [...rows.values()].filter((row) => isVisible(row, groups));
  }

  async proposal({ catalogue, groups }: CatalogueAccount, key: ProposalKey): Promise<ScicatProposal | null> {
    const parts = parseProposalKey(key);
    if (parts?.catalogue !== catalogue || parts.facility !== this.facility) return null;
    for (const part of inParts(groups)) {
      const rows = await this.client.proposals(part, parts.name, { skip: 0, limit: 2 });
      const found = rows.find((row) => row.proposalId === parts.name && isVisible(row, groups));
      if (found) return found;
    }
    return null;
  }

  /** Newest first. `proposal` was found for this account. */
  async datasets({ groups }: CatalogueAccount, { proposalId }: ScicatProposal): Promise<ScicatDataset[]> {
    const rows = await all((page) => this.client.datasets(proposalId, page), DATASETS_MAX);
    const time = ({ creationTime }: ScicatDataset) => creationTime?.getTime() ?? 0;
    return [...new Map(rows.map((row) => [row.pid, row])).values()]
      .filter((row) => row.proposalIds.includes(proposalId) || row.proposalId === proposalId)
      .filter((row) => isVisible(row, groups))
      .sort((a, b) => time(b) - time(a) || (a.pid < b.pid ? -1 : 1));
  }

  /** Asked for only where a proposal names some. */
  async instrumentsOf(proposals: ScicatProposal[]): Promise<ReadonlyMap<string, ScicatInstrument>> {
    if (proposals.every(({ instrumentIds }) => instrumentIds.length === 0)) return new Map();
    if (!this.instruments || Date.now() >= this.instruments.until) {
      const rows = await all((page) => this.client.instruments(page), PROPOSALS_MAX);
      const byPid = new Map(rows.map((row) => [row.pid, row]));
      this.instruments = { byPid, until: Date.now() + INSTRUMENTS_BELIEVED_MS };
    }
    return this.instruments.byPid;
  }
}

export function isVisible(
  { ownerGroup, accessGroups }: Pick<ScicatProposal, 'ownerGroup' | 'accessGroups'>,
  groups: readonly string[],
): boolean {
  return groups.includes(ownerGroup) || accessGroups.some((group) => groups.includes(group));
}

async function all<T>(ask: (page: Page) => Promise<T[]>, most: number): Promise<T[]> {
  const rows: T[] = [];
  while (rows.length < most) {
    const limit = Math.min(PAGE, most - rows.length);
    const page = await ask({ skip: rows.length, limit });
    rows.push(...page);
    if (page.length < limit) break;
  }
  return rows;
}

/** Groups in parts that fit a URL; none for nobody's. */
export function inParts(groups: readonly string[]): string[][] {
  const parts: string[][] = [];
  let length = Number.MAX_SAFE_INTEGER;
  for (const group of new Set(groups)) {
    const size = encodeURIComponent(JSON.stringify(group)).length + 3;
    if (length + size > GROUPS_LENGTH) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(group);
    length += size;
  }
  return parts;
}
