import { z } from 'zod';
import { CatalogueAccount } from '../catalogue';
import { CatalogueUnavailable } from '../errors';
import { parseAs } from '../http/unavailable';
import { parseProposalKey } from '../proposal-key';
import { ProposalKey } from '../proposal';
import { IcatClient } from './icat-client';
import { IcatFacts } from './icat-facts';
import { pageSize } from './icat-reader';
import { IcatInvestigation, techniqueRow } from './icat-rows';
import { IcatSessions } from './icat-sessions';
import { IcatMembership } from './icat-settings';
import { limited, techniquesOf } from './jpql';
import { INVESTIGATION_WEIGHT } from './my-investigations';

/** Techniques of investigations by their ids: names and pids, each once. One that is missing: nobody knows. */
export type TechniquesById = ReadonlyMap<number, readonly string[]>;

type Row = z.infer<typeof techniqueRow>;

const ROWS_MAX = 2000;
/** A server that refuses the question is asked again after so long; one that failed at it, sooner. */
const REFUSED_MS = 10 * 60_000;
const FAILED_MS = 60_000;

/**
 * Which techniques the datasets of investigations were measured with. Never a reason for a list to fail: where ICAT does not
 * tell, the techniques are not known.
 */
export class InvestigationTechniques {
  private quietUntil = 0;

  constructor(
    private readonly client: IcatClient,
    private readonly sessions: IcatSessions,
    private readonly facts: IcatFacts,
    private readonly membership: readonly IcatMembership[],
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Asks at most once for each page that these investigations came in.
   * @param mine what ICAT answered for this account, and for this proposal where one is named
   */
  async of(account: CatalogueAccount, mine: readonly IcatInvestigation[], key?: ProposalKey): Promise<TechniquesById> {
    const session = this.sessions.of(account);
    if (!session || mine.length === 0 || this.now() < this.quietUntil) return new Map();
    try {
      const { techniques, maxEntities } = await this.facts.get();
      if (!techniques) return new Map();
      const only = key === undefined ? null : parseProposalKey(key);
      const user = this.sessions.areOwn ? null : account.name;
      const queries = this.membership.map((membership) =>
        techniquesOf({ user, membership, ...(only ? { only } : {}) }),
      );
      const pages = Math.ceil(mine.length / pageSize(maxEntities, INVESTIGATION_WEIGHT));
      const answers = await session.use((id) =>
        Promise.all(queries.map((query) => this.rows(id, query, Math.min(ROWS_MAX, maxEntities), pages))),
      );
      return byId(
        mine,
        answers.flatMap(({ rows }) => rows),
        Math.min(...answers.map(({ knownBelow }) => knownBelow)),
      );
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      this.quietUntil = this.now() + quietFor(error);
      return new Map();
    }
  }

  /** What keeps techniques away from a server that should know them, for the check; null: nothing. */
  async fault(session: string): Promise<CatalogueUnavailable | null> {
    try {
      await this.page(session, limited(techniquesOf({ user: null, membership: 'users' }), 0, 1));
      return null;
    } catch (error) {
      if (error instanceof CatalogueUnavailable) return error;
      throw error;
    }
  }

  /** Rows come by the id of their investigation: where they are cut off, those before the last one are complete. */
  private async rows(
    session: string,
    query: string,
    size: number,
    pages: number,
  ): Promise<{ rows: Row[]; knownBelow: number }> {
    const rows: Row[] = [];
    for (let page = 0; page < pages; page++) {
      const answer = await this.page(session, limited(query, rows.length, size));
      rows.push(...answer);
      if (answer.length < size) return { rows, knownBelow: Number.POSITIVE_INFINITY };
    }
    return { rows, knownBelow: rows.at(-1)?.investigation ?? 0 };
  }

  private async page(session: string, query: string): Promise<Row[]> {
    return parseAs(z.array(techniqueRow), await this.client.query(session, query), 'techniques of ICAT');
  }
}

/** Only investigations that are the account's: what else ICAT sent counts for nothing. */
function byId(mine: readonly IcatInvestigation[], rows: readonly Row[], knownBelow: number): TechniquesById {
  const found = Map.groupBy(rows, ({ investigation }) => investigation);
  const known = mine.filter(({ id }) => id < knownBelow);
  return new Map(known.map(({ id }) => [id, [...new Set((found.get(id) ?? []).flatMap(({ terms }) => terms))]]));
}

/** A session that is over says nothing about the question: the next one may be answered. */
function quietFor({ reason }: CatalogueUnavailable): number {
  if (reason === 'credentials' || reason === 'sign-in') return 0;
  return reason === 'refused' ? REFUSED_MS : FAILED_MS;
}
