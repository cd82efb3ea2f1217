import type { CatalogueAccount, Proposal } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { accountDigest, type CopiedRow, copiedRow } from './copied-rows';

/** Writers hold it shared, who lets unused proposals go holds it alone: none goes between being found and being used. */
const PROPOSALS_LOCK = 7_207_002;
/** Rows in one statement. */
const CHUNK = 500;

const HELD = `
  SELECT m.key, m.roles, encode(p.digest, 'hex') AS digest
  FROM copied_membership m JOIN copied_proposal p ON p.id = m.proposal_id WHERE m.copy_id = $1`;

// In the order of their digests: two writers that meet then wait for each other in one direction only.
const PROPOSALS = `
  INSERT INTO copied_proposal (digest, key, facility, name, title, abstract, visits, techniques, words)
  SELECT decode(digest, 'hex'), key, facility, name, title, abstract, visits, techniques, words
  FROM jsonb_to_recordset($1::jsonb) AS given
    (digest text, key text, facility text, name text, title text, abstract text, visits jsonb, techniques text[], words text)
  ORDER BY digest
  ON CONFLICT (digest) DO NOTHING`;

const MEMBERSHIPS = `
  INSERT INTO copied_membership (copy_id, key, proposal_id, roles, name_order, title_order, last_visit_at)
  SELECT $1, given.key, p.id, roles, "nameOrder", "titleOrder", "lastVisitAt"
  FROM jsonb_to_recordset($2::jsonb) AS given
    (digest text, key text, roles text[], "nameOrder" text, "titleOrder" text, "lastVisitAt" timestamptz)
  JOIN copied_proposal p ON p.digest = decode(given.digest, 'hex')
  ON CONFLICT (copy_id, key) DO UPDATE SET proposal_id = EXCLUDED.proposal_id, roles = EXCLUDED.roles,
    name_order = EXCLUDED.name_order, title_order = EXCLUDED.title_order, last_visit_at = EXCLUDED.last_visit_at`;

const CORRECTED = `UPDATE catalogue_copy SET corrected_at = clock_timestamp() WHERE digest = decode($1, 'hex') RETURNING id`;

const CONFIRM = `
  UPDATE copied_membership m SET confirmed_at = clock_timestamp() FROM catalogue_copy c
  WHERE c.digest = decode($1, 'hex') AND m.copy_id = c.id AND m.key = $2`;

/** The only writer of copies: everything in them is what the catalogue said to the very account. */
@Injectable()
export class CopyWriter {
  constructor(private readonly dataSource: DataSource) {}

  /** The database's clock, which every copy goes by. */
  async now(): Promise<Date> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    if (!row) throw new Error('the database told no time');
    return row.now;
  }

  /**
   * Makes the copy what the catalogue answered: what it no longer names goes. Writes only what changed.
   * @param askedAt when the catalogue was asked
   * @returns false where something newer is known: then nothing is written
   */
  async replace(copyId: string, account: CatalogueAccount, proposals: Proposal[], askedAt: Date): Promise<boolean> {
    const rows = [...new Map(proposals.map((one) => [one.key, copiedRow(account, one)])).values()];
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [PROPOSALS_LOCK]);
      const [copy] = await manager.query<{ stands: boolean | null }[]>(
        `SELECT greatest(observed_at, corrected_at) >= $2 AS stands FROM catalogue_copy WHERE id = $1 FOR UPDATE`,
        [copyId, askedAt],
      );
      if (!copy || copy.stands) return false;
      await this.write(manager, copyId, rows);
      await manager.query('UPDATE catalogue_copy SET observed_at = $2, proposals = $3 WHERE id = $1', [
        copyId,
        askedAt,
        rows.length,
      ]);
      return true;
    });
  }

  /** The catalogue said that this account is no member (any more). What it was asked before no longer counts. */
  async forget(account: CatalogueAccount, key: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // First, because it waits for a writer that is under way: what that one wrote is seen then.
      const [copies] = await manager.query<[{ id: string }[], number]>(CORRECTED, [accountDigest(account)]);
      for (const { id } of copies) {
        await manager.query('DELETE FROM copied_membership WHERE copy_id = $1 AND key = $2', [id, key]);
      }
    });
  }

  /** The catalogue said just now that this account is a member. */
  async confirm(account: CatalogueAccount, key: string): Promise<void> {
    await this.dataSource.query(CONFIRM, [accountDigest(account), key]);
  }

  /** Lets go of copies that nobody wanted for so long, and of proposals that stand in none. @returns how many of each */
  async tidy(unwantedMs: number): Promise<{ copies: number; proposals: number }> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PROPOSALS_LOCK]);
      const [, copies] = await manager.query<[unknown[], number]>(
        'DELETE FROM catalogue_copy WHERE wanted_at < clock_timestamp() - make_interval(secs => $1)',
        [unwantedMs / 1000],
      );
      const [, unused] = await manager.query<[unknown[], number]>(
        'DELETE FROM copied_proposal p WHERE NOT EXISTS (SELECT FROM copied_membership m WHERE m.proposal_id = p.id)',
      );
      return { copies, proposals: unused };
    });
  }

  private async write(manager: EntityManager, copyId: string, rows: CopiedRow[]): Promise<void> {
    const held = await manager.query<{ key: string; roles: string[]; digest: string }[]>(HELD, [copyId]);
    const before = new Map(held.map(({ key, roles, digest }) => [key, JSON.stringify([digest, roles])]));
    const changed = rows.filter(({ key, digest, roles }) => before.get(key) !== JSON.stringify([digest, roles]));
    const named = new Set(rows.map(({ key }) => key));
    const gone = held.flatMap(({ key }) => (named.has(key) ? [] : [key]));
    if (gone.length > 0) {
      await manager.query('DELETE FROM copied_membership WHERE copy_id = $1 AND key = ANY($2::text[])', [copyId, gone]);
    }
    const inOrder = changed.sort((a, b) => (a.digest < b.digest ? -1 : 1));
    for (let i = 0; i < inOrder.length; i += CHUNK) {
      const chunk = JSON.stringify(inOrder.slice(i, i + CHUNK));
      await manager.query(PROPOSALS, [chunk]);
      await manager.query(MEMBERSHIPS, [copyId, chunk]);
    }
  }
}
