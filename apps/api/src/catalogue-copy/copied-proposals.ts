import type { CatalogueAccount, Proposal, ProposalSearch } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accountDigest, type CopiedVisit } from './copied-rows';
import { pageQuery } from './copied-page';

/** A proposal as the catalogue last showed it to an account. */
export interface CopiedProposal {
  account: CatalogueAccount;
  /** Without its team: other people are not copied. */
  proposal: Proposal;
  /** The account's own. */
  roles: string[];
}

export interface CopiedPage {
  items: CopiedProposal[];
  /** Matches in all, not only on this page. */
  total: number;
}

/** How the copy of an account stands. */
export interface CopyStanding {
  account: CatalogueAccount;
  id: string;
  /** Null: the catalogue never answered, so there is nothing. */
  observedAt: Date | null;
  /** By the database's clock; null as above. */
  ageMs: number | null;
  proposals: number;
}

interface StandingRow extends Omit<CopyStanding, 'account'> {
  digest: string;
  /** Nobody has wanted it for some minutes. */
  unwanted: boolean;
}

interface Row {
  key: string | null;
  copyId: string | null;
  roles: string[];
  facility: string;
  name: string;
  title: string;
  abstract: string;
  visits: CopiedVisit[];
  techniques: string[];
}

/** How exactly it is known when a copy was last wanted. */
const WANTED = `interval '5 minutes'`;

const STANDING = `
  SELECT encode(digest, 'hex') AS digest, id::text AS id, observed_at AS "observedAt", proposals,
    extract(epoch FROM clock_timestamp() - observed_at)::float8 * 1000 AS "ageMs", wanted_at < now() - ${WANTED} AS unwanted
  FROM catalogue_copy WHERE digest = ANY(SELECT decode(d, 'hex') FROM unnest($1::text[]) d)`;

const WANT = `
  INSERT INTO catalogue_copy (digest, catalogue, account)
  SELECT decode(d, 'hex'), c, a FROM unnest($1::text[], $2::text[], $3::text[]) AS given (d, c, a) ORDER BY d
  ON CONFLICT (digest) DO UPDATE SET wanted_at = now()`;

const ONE = `
  SELECT m.key, m.roles, p.facility, p.name, p.title, p.abstract, p.visits, p.techniques,
    greatest(c.observed_at, m.confirmed_at) AS "confirmedAt"
  FROM catalogue_copy c JOIN copied_membership m ON m.copy_id = c.id JOIN copied_proposal p ON p.id = m.proposal_id
  WHERE c.digest = decode($1, 'hex') AND m.key = $2
    AND greatest(c.observed_at, m.confirmed_at) > clock_timestamp() - make_interval(secs => $3)`;

/** What stands in the copies, always of named accounts: there is no way to ask for a proposal but as somebody. */
@Injectable()
export class CopiedProposals {
  constructor(private readonly dataSource: DataSource) {}

  /** How their copies stand, in the order of `accounts`; makes those that are missing. */
  async standing(accounts: CatalogueAccount[]): Promise<CopyStanding[]> {
    if (accounts.length === 0) return [];
    const digests = accounts.map(accountDigest);
    const read = () => this.dataSource.query<StandingRow[]>(STANDING, [digests]);
    let rows = await read();
    if (rows.length < new Set(digests).size || rows.some(({ unwanted }) => unwanted)) {
      const of = (name: 'catalogue' | 'name') => accounts.map((account) => account[name]);
      await this.dataSource.query(WANT, [digests, of('catalogue'), of('name')]);
      rows = await read();
    }
    return accounts.flatMap((account, i) => {
      const row = rows.find(({ digest }) => digest === digests[i]);
      if (!row) return [];
      const { id, observedAt, ageMs, proposals } = row;
      return [{ account, id, observedAt, ageMs, proposals }];
    });
  }

  /** One page over the given copies together. */
  async page(copies: Pick<CopyStanding, 'account' | 'id'>[], query: ProposalSearch): Promise<CopiedPage> {
    if (copies.length === 0) return { items: [], total: 0 };
    const { sql, values } = pageQuery(
      copies.map(({ id }) => id),
      query,
    );
    const rows = await this.dataSource.query<(Row & { total: number })[]>(sql, values);
    const accounts = new Map(copies.map(({ id, account }) => [id, account]));
    const items = rows.flatMap((row) => {
      const account = accounts.get(row.copyId ?? '');
      return account && row.key !== null ? [copied(account, row.key, row)] : [];
    });
    return { items, total: rows[0]?.total ?? 0 };
  }

  /** Null: the catalogue did not name the account as a member, or said so longer ago than `withinMs`. */
  async find(
    account: CatalogueAccount,
    key: string,
    withinMs: number,
  ): Promise<(CopiedProposal & { confirmedAt: Date }) | null> {
    const values = [accountDigest(account), key, withinMs / 1000];
    const [row] = await this.dataSource.query<(Row & { key: string; confirmedAt: Date })[]>(ONE, values);
    return row ? { ...copied(account, row.key, row), confirmedAt: row.confirmedAt } : null;
  }
}

function copied(account: CatalogueAccount, key: string, row: Row): CopiedProposal {
  const { facility, name, title, abstract, techniques, roles } = row;
  const visits = row.visits.map(({ id, beamline, start, end }) => ({
    id,
    beamline,
    start: date(start),
    end: date(end),
  }));
  const { catalogue } = account;
  return { account, roles, proposal: { key, catalogue, facility, name, title, abstract, visits, techniques, team: [] } };
}

function date(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
