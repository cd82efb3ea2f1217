import type { RequestForStaff, RequestsPage, RequestsQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { Site } from '../site/site';
import type { AuthorisationRequestEntity } from './authorisation-request.entity';
import { DeciderSight } from './decider-sight';
import { requestView } from './own-requests';
import { rolesToGrant } from './role-terms';

type Row = AuthorisationRequestEntity &
  Pick<RequestForStaff, 'person' | 'logins'> & { decider: string | null; total: number };

/** Staff see what is meant for their beamlines, and what names none. */
export const MINE = '($1::text[] IS NULL OR r.beamline IS NULL OR r.beamline = ANY($1))';

const ROWS = `
  SELECT r.id, r.state, r.asked_at AS "askedAt", r.affiliation, r.reason, r.proposal, r.beamline, r.answer,
    r.decided_at AS "decidedAt", d.name AS decider, count(*) OVER ()::int AS total,
    json_build_object('id', u.id, 'name', u.name, 'email', u.email) AS person,
    COALESCE((SELECT json_agg(json_build_object('issuer', i.issuer, 'subject', i.subject) ORDER BY i.issuer, i.subject)
      FROM identity i WHERE i.user_id = u.id), '[]') AS logins
  FROM authorisation_request r JOIN user_account u ON u.id = r.user_id LEFT JOIN user_account d ON d.id = r.decided_by
  WHERE ${MINE}`;

const OF_STATE: Record<RequestsQuery['state'], string> = {
  open: `AND r.state = 'open' ORDER BY r.asked_at, r.id`,
  decided: `AND r.state IN ('granted', 'refused') ORDER BY r.decided_at DESC, r.id`,
};

/** Requests as those see them who decide. */
@Injectable()
export class RequestList {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Site,
    private readonly sight: DeciderSight,
  ) {}

  async page(person: Person, { state, offset, limit }: RequestsQuery): Promise<RequestsPage> {
    const { beamlines: mine } = await this.sight.of(person);
    const rows = await this.dataSource.query<Row[]>(`${ROWS} ${OF_STATE[state]} OFFSET $2 LIMIT $3`, [
      mine,
      offset,
      limit,
    ]);
    return {
      items: rows.map((row) => ({
        ...requestView(row),
        person: row.person,
        logins: row.logins,
        decidedBy: row.decider,
      })),
      total: rows[0]?.total ?? 0,
      roles: rolesToGrant(person),
      beamlines: this.site.beamlines.map(({ id, name }) => ({ id, name })),
    };
  }
}
