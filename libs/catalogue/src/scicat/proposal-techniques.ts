import { CatalogueAccount } from '../catalogue';
import { CatalogueUnavailable } from '../errors';
import { ScicatClient } from './scicat-client';
import { inParts, isVisible, PAGE } from './scicat-reader';
import { ScicatProposal, ScicatTechniques } from './scicat-rows';

/** Techniques of proposals by their ids: names and pids, each once. One that is missing: nobody knows. */
export type TechniquesByProposal = ReadonlyMap<string, readonly string[]>;

/** Datasets in one answer: some hundred bytes each. */
const DATASETS = 1000;
/** A server that refuses the question is asked again after so long; one that failed at it, sooner. */
const REFUSED_MS = 10 * 60_000;
const FAILED_MS = 60_000;

/**
 * Which techniques the datasets of proposals were measured with, of those an account's groups may see. SciCat tells them with
 * each dataset only, so that what has too many of them has no techniques here. Never a reason for a list to fail.
 */
export class ProposalTechniques {
  private quietUntil = 0;

  constructor(
    private readonly client: ScicatClient,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Of all that an account may see: by its groups, as the proposals were found. Asks at most once for each of their pages, and
   * tells nothing unless that was all.
   */
  all({ groups }: CatalogueAccount, proposals: readonly ScicatProposal[]): Promise<TechniquesByProposal> {
    const parts = inParts(groups);
    const pages = Math.max(1, Math.floor(proposals.length / PAGE / parts.length));
    return this.known(groups, proposals, () => Promise.all(parts.map((part) => this.rows({ groups: part }, pages))));
  }

  /** Of one proposal, which was found for this account. */
  of({ groups }: CatalogueAccount, proposal: ScicatProposal): Promise<TechniquesByProposal> {
    const { proposalId } = proposal;
    return this.known(groups, [proposal], async () => [await this.rows({ proposalId }, 1)]);
  }

  /** What keeps techniques away, for the check; null: nothing. */
  async fault(): Promise<CatalogueUnavailable | null> {
    try {
      await this.client.techniques({ groups: [''] }, { skip: 0, limit: 1 });
      return null;
    } catch (error) {
      if (error instanceof CatalogueUnavailable) return error;
      throw error;
    }
  }

  private async known(
    groups: readonly string[],
    proposals: readonly ScicatProposal[],
    ask: () => Promise<(ScicatTechniques[] | null)[]>,
  ): Promise<TechniquesByProposal> {
    if (proposals.length === 0 || this.now() < this.quietUntil) return new Map();
    try {
      const answers = await ask();
      if (answers.includes(null)) return new Map();
      const found = new Map(proposals.map(({ proposalId }) => [proposalId, new Set<string>()]));
      for (const row of answers.flatMap((rows) => rows ?? [])) {
        // As every row: whatever the server sends, it must be of the proposal and for one of these groups.
        if (!isVisible(row, groups)) continue;
        for (const id of row.proposalIds) for (const term of row.techniques) found.get(id)?.add(term);
      }
      return new Map([...found].map(([id, terms]) => [id, [...terms]]));
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      this.quietUntil = this.now() + (error.reason === 'refused' ? REFUSED_MS : FAILED_MS);
      return new Map();
    }
  }

  /** Null: there are more. */
  private async rows(of: Parameters<ScicatClient['techniques']>[0], pages: number): Promise<ScicatTechniques[] | null> {
    const rows: ScicatTechniques[] = [];
    for (let page = 0; page < pages; page++) {
      const answer = await this.client.techniques(of, { skip: rows.length, limit: DATASETS });
      rows.push(...answer);
      if (answer.length < DATASETS) return rows;
    }
    return null;
  }
}
