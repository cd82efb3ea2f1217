import type { QuotaSubject } from '@beamdesk/contracts';
import type { Resources, Subject } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { heldBy } from './amount-columns';

/** What one person's live instances of one proposal hold. */
export interface HeldPart {
  proposalKey: string;
  proposalName: string;
  beamlineId: string | null;
  amounts: Resources;
}

const NAMES = `
  SELECT a.kind, a.id, CASE a.kind
    WHEN 'user' THEN (SELECT u.name FROM user_account u WHERE u.id::text = a.id)
    WHEN 'beamline' THEN (SELECT b.name FROM beamline b WHERE b.id = a.id)
    WHEN 'site' THEN 'Whole site'
    ELSE coalesce((SELECT p.name FROM copied_proposal p WHERE p.key = a.id LIMIT 1),
      (SELECT i.proposal_name FROM instance i WHERE i.proposal_key = a.id ORDER BY i.created_at DESC LIMIT 1)) END AS name
  FROM unnest($1::text[], $2::text[]) AS a(kind, id)`;

const HOLDINGS = `
  SELECT i.owner_id AS "ownerId", i.proposal_key AS "proposalKey", max(i.proposal_name) AS "proposalName",
    i.beamline_id AS "beamlineId", ${heldBy('i')} AS amounts
  FROM instance i WHERE i.owner_id = ANY($1::uuid[]) AND i.state <> 'DELETED'
  GROUP BY i.owner_id, i.proposal_key, i.beamline_id ORDER BY 3, 2`;

/** Names of subjects, and what a person's own share of them is. */
@Injectable()
export class QuotaNames {
  /** In the order of `subjects`; one that is gone is called by its id. */
  async of(manager: EntityManager, subjects: readonly Subject[]): Promise<QuotaSubject[]> {
    const values = [subjects.map(({ kind }) => kind), subjects.map(({ id }) => id)];
    const rows = await manager.query<{ kind: string; id: string; name: string | null }[]>(NAMES, values);
    const names = new Map(rows.map(({ kind, id, name }) => [`${kind} ${id}`, name]));
    return subjects.map(({ kind, id }) => ({ kind, id, name: names.get(`${kind} ${id}`) ?? id }));
  }

  /** By proposal; nobody else's. */
  async holdings(manager: EntityManager, userId: string): Promise<HeldPart[]> {
    return (await this.holdingsOfMany(manager, [userId])).get(userId) ?? [];
  }

  /** Of each person, by proposal. */
  async holdingsOfMany(manager: EntityManager, userIds: readonly string[]): Promise<Map<string, HeldPart[]>> {
    const rows = await manager.query<(HeldPart & { ownerId: string })[]>(HOLDINGS, [userIds]);
    const parts = new Map<string, HeldPart[]>();
    for (const { ownerId, ...part } of rows) parts.set(ownerId, [...(parts.get(ownerId) ?? []), part]);
    return parts;
  }
}

/** Those parts that count for the subject; of a person: all of them. */
export function partsOf({ kind, id }: Subject, parts: readonly HeldPart[]): HeldPart[] {
  if (kind === 'proposal') return parts.filter(({ proposalKey }) => proposalKey === id);
  return kind === 'beamline' ? parts.filter(({ beamlineId }) => beamlineId === id) : [...parts];
}
