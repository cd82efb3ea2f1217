import type { QuotaRequestForStaff, QuotaRequestsPage, QuotaRequestsQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { DeciderSight, sightValues } from '../authorisation/decider-sight';
import { quotaRequestView, type ShownRow } from './quota-request-view';
import { quotaSubject, RequestedQuota } from './requested-quota';
import { FOR_STAFF } from './staff-sight';

type Row = ShownRow &
  Pick<QuotaRequestForStaff, 'person'> & {
    decider: string | null;
    running: boolean | null;
    expiresAt: Date | null;
    plan: string | null;
    total: number;
  };

const ROWS = `
  SELECT r.id, r.kind, r.state, r.proposal_key AS "proposalKey", r.proposal_name AS "proposalName",
    r.instance_id AS "instanceId", r.wanted, r.wanted_until AS "wantedUntil", r.reason, r.asked_at AS "askedAt",
    r.decided_at AS "decidedAt", r.answer, r.granted, r.granted_until AS "grantedUntil", d.name AS decider,
    json_build_object('id', u.id, 'name', u.name, 'email', u.email) AS person, count(*) OVER ()::int AS total,
    i.wanted = 'RUNNING' AND i.expires_at > now() AND i.state IN ('REQUESTED','BUILDING','STARTING','READY') AS running,
    i.expires_at AS "expiresAt", i.plan_snapshot ->> 'name' AS plan
  FROM quota_request r JOIN user_account u ON u.id = r.user_id LEFT JOIN user_account d ON d.id = r.decided_by
    LEFT JOIN instance i ON i.id = r.instance_id
  WHERE ${FOR_STAFF}`;

const OF_STATE: Record<QuotaRequestsQuery['state'], string> = {
  open: `AND r.state = 'OPEN' ORDER BY r.asked_at, r.id`,
  decided: `AND r.state IN ('GRANTED', 'REFUSED') ORDER BY r.decided_at DESC, r.id`,
};

/** Requests for quota and longer lives as those see them who decide. */
@Injectable()
export class QuotaRequestList {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: DeciderSight,
    private readonly quota: RequestedQuota,
  ) {}

  async page(person: Person, { state, offset, limit }: QuotaRequestsQuery): Promise<QuotaRequestsPage> {
    const values = [...sightValues(await this.sight.of(person)), offset, limit];
    const rows = await this.dataSource.query<Row[]>(`${ROWS} ${OF_STATE[state]} OFFSET $3 LIMIT $4`, values);
    const items = await Promise.all(rows.map((row) => this.shown(person.id, row)));
    return { items, total: rows[0]?.total ?? 0 };
  }

  private async shown(self: string, row: Row): Promise<QuotaRequestForStaff> {
    const open = row.state === 'OPEN';
    const desktop =
      row.kind === 'LIFE' && row.running !== null
        ? { running: row.running, expiresAt: row.expiresAt?.toISOString() ?? null, plan: row.plan ?? '' }
        : null;
    return {
      ...quotaRequestView(row),
      person: row.person,
      standing: open && row.kind === 'QUOTA' ? await this.quota.of(quotaSubject({ ...row, userId: row.person.id })) : [],
      desktop,
      decidedBy: row.decider,
      own: row.person.id === self,
    };
  }
}
