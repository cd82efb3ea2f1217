import { CatalogueAccount } from '../catalogue';
import { unavailable } from '../http/unavailable';
import { ProposalKey } from '../proposal';
import { parseProposalKey } from '../proposal-key';
import { IcatClient } from './icat-client';
import { IcatFacts } from './icat-facts';
import { IcatMapping } from './icat-mapping';
import { IcatReader } from './icat-reader';
import { IcatInvestigation, investigationRow } from './icat-rows';
import { IcatSessions } from './icat-sessions';
import { IcatMembership } from './icat-settings';
import { investigationsOf } from './jpql';

/** Entities an investigation is likely to come with: ten people, their roles, instrument, facility. */
export const INVESTIGATION_WEIGHT = 40;

/** The investigations an account belongs to: what ICAT answers, each row looked at again. */
export class MyInvestigations {
  constructor(
    private readonly client: IcatClient,
    private readonly sessions: IcatSessions,
    private readonly facts: IcatFacts,
    private readonly mapping: IcatMapping,
    private readonly membership: IcatMembership[],
  ) {}

  all(account: CatalogueAccount): Promise<IcatInvestigation[]> {
    return this.ask(account);
  }

  /** Those of one proposal; none for a key that is not one of this catalogue's. */
  async of(account: CatalogueAccount, key: ProposalKey): Promise<IcatInvestigation[]> {
    const parts = parseProposalKey(key);
    if (parts?.catalogue !== account.catalogue || `${parts.facility}${parts.name}`.includes('\0')) return [];
    const { facility, name } = parts;
    const found = await this.ask(account, { facility, name });
    // The database may compare without case or accents.
    return found.filter((one) => one.name === name && one.facility?.name === facility);
  }

  private async ask(
    account: CatalogueAccount,
    only?: { facility: string; name: string },
  ): Promise<IcatInvestigation[]> {
    const session = this.sessions.of(account);
    if (!session) return [];
    const reader = new IcatReader(this.client, (await this.facts.get()).maxEntities);
    const user = this.sessions.areOwn ? null : account.name;
    const queries = this.membership.map((membership) =>
      investigationsOf({ user, membership, include: this.membership, ...(only ? { only } : {}) }),
    );
    const answers = await session.use((id) =>
      Promise.all(queries.map((query) => reader.all(id, query, investigationRow, INVESTIGATION_WEIGHT))),
    );
    const rows = new Map(answers.flat().map((row) => [row.id, row]));
    const unnamed = [...rows.values()].find(({ facility }) => facility === null);
    if (unnamed) throw unavailable('refused', `investigation ${unnamed.id}: its facility may not be read`);
    return this.members(account, [...rows.values()]);
  }

  /**
   * A database may find "ADA" for "ada", and some roles make nobody a member. What may not be read is left out of answers
   * silently: where that is the whole team of every row, saying "none of yours" would be a lie.
   */
  private members(account: CatalogueAccount, rows: IcatInvestigation[]): IcatInvestigation[] {
    const teams = rows.map((row) => this.mapping.team(row));
    const own = this.sessions.areOwn;
    if (!own && rows.length > 0 && rows.every(hasNobody)) {
      throw unavailable('refused', 'the account at ICAT may not read InvestigationUser or User: no row has a team');
    }
    const isIn = (i: number) => teams[i]?.some((member) => member.account === account.name) ?? false;
    // With their own session ICAT has checked the name; people may not always read who else is in the team.
    return rows.filter((row, i) => isIn(i) || (own && hasNobody(row)));
  }
}

function hasNobody(row: IcatInvestigation): boolean {
  return (
    row.investigationUsers.every(({ user }) => !user) &&
    row.investigationGroups.every(({ grouping }) => !grouping || grouping.userGroups.every(({ user }) => !user)) &&
    row.investigationInstruments.every(({ instrument }) =>
      (instrument?.instrumentScientists ?? []).every(({ user }) => !user),
    )
  );
}
