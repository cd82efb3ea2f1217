import type { HeldRole, PeoplePage, PeopleQuery, PersonForStaff } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../../auth/person';
import { Site } from '../../site/site';
import { VALID } from '../authorisations';
import { DeciderSight, SEEN, sightValues } from '../decider-sight';
import { rolesToGrant } from '../role-terms';
import { mayChange, mayEnd } from './person-rules';

type Found = Pick<PersonForStaff, 'id' | 'name' | 'email' | 'logins'> & { lastSignInAt: Date | null; total: number };
type Row = Omit<HeldRole, 'since' | 'until' | 'mayChange' | 'mayEnd'> & {
  userId: string;
  since: Date;
  until: Date | null;
};

const OF = `FROM authorisation a WHERE a.user_id = u.id`;
const SHOWN: Record<PeopleQuery['show'], string> = {
  authorised: `EXISTS (SELECT ${OF} AND ${VALID})`,
  ended: `EXISTS (SELECT ${OF}) AND NOT EXISTS (SELECT ${OF} AND ${VALID})`,
  all: 'true',
};

/** Who is let in, or was, by what and whom, since when, until when; as far as the one who asks may see it. */
@Injectable()
export class PeopleList {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Site,
    private readonly sight: DeciderSight,
  ) {}

  /** By name; `search` is looked for in name, mail and the subjects of logins. */
  async page(person: Person, { show, search, offset, limit }: PeopleQuery): Promise<PeoplePage> {
    const people = await this.dataSource.query<Found[]>(
      `SELECT u.id, u.name, u.email, u.last_sign_in_at AS "lastSignInAt", count(*) OVER ()::int AS total,
         COALESCE((SELECT json_agg(json_build_object('issuer', i.issuer, 'subject', i.subject) ORDER BY i.issuer, i.subject)
           FROM identity i WHERE i.user_id = u.id), '[]') AS logins
       FROM user_account u
       WHERE ${SHOWN[show]} AND (strpos(lower(concat_ws(' ', u.name, u.email)), lower($3)) > 0
           OR EXISTS (SELECT FROM identity i WHERE i.user_id = u.id AND strpos(lower(i.subject), lower($3)) > 0))
         AND ${SEEN}
       ORDER BY lower(u.name), u.id OFFSET $4 LIMIT $5`,
      [...sightValues(await this.sight.of(person)), search, offset, limit],
    );
    const held = await this.rolesOf(
      person,
      people.map(({ id }) => id),
    );
    return {
      items: people.map(({ id, name, email, logins, lastSignInAt }) => ({
        ...{ id, name, email, logins },
        lastSignInAt: lastSignInAt?.toISOString() ?? null,
        roles: held.get(id) ?? [],
        mayGrant: id !== person.id,
      })),
      total: people[0]?.total ?? 0,
      roles: rolesToGrant(person),
      beamlines: this.site.beamlines.map(({ id, name }) => ({ id, name })),
    };
  }

  /** Whether the person may see that one. */
  async sees(person: Person, userId: string): Promise<boolean> {
    const found = await this.dataSource.query<unknown[]>(
      `SELECT FROM user_account u WHERE u.id = $3 AND ${SEEN}`,
      [...sightValues(await this.sight.of(person)), userId],
    );
    return found.length > 0;
  }

  /** What counts first, then what ended last. */
  private async rolesOf(person: Person, userIds: string[]): Promise<Map<string, HeldRole[]>> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT a.id, a.user_id AS "userId", a.role, a.source, g.name AS by, a.reason, a.granted_at AS since,
         a.expires_at AS until, a.beamlines, a.end_reason AS "endReason", t.name AS "endedBy",
         CASE WHEN ${VALID} THEN 'current' WHEN a.taken_back_by IS NOT NULL THEN 'taken-back' ELSE 'ended' END AS state
       FROM authorisation a LEFT JOIN user_account g ON g.id::text = a.granted_by
         LEFT JOIN user_account t ON t.id = a.taken_back_by
       WHERE a.user_id = ANY($1::uuid[])
       ORDER BY (NOT ${VALID}), CASE WHEN ${VALID} THEN NULL ELSE a.expires_at END DESC, a.role, a.source`,
      [userIds],
    );
    const found = new Map<string, HeldRole[]>(userIds.map((id) => [id, []]));
    for (const row of rows) {
      const { userId, since, until, ...held } = row;
      const times = { since: since.toISOString(), until: until?.toISOString() ?? null };
      const may = { mayChange: mayChange(person, row), mayEnd: mayEnd(person, row) };
      found.get(userId)?.push({ ...held, ...times, ...may });
    }
    return found;
  }
}
