import type { AuthorisationsPage, AuthorisationsQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { Authorisations, type Grant } from './authorisations';

interface Found {
  id: string;
  name: string;
  email: string | null;
  total: number;
}

/** Who is let in, and taking that back. */
@Injectable()
export class AuthorisedPeople {
  constructor(
    private readonly dataSource: DataSource,
    private readonly authorisations: Authorisations,
  ) {}

  /** By name; `search` is looked for in name and mail. */
  async page({ search, offset, limit }: AuthorisationsQuery): Promise<AuthorisationsPage> {
    const people = await this.dataSource.query<Found[]>(
      `SELECT u.id, u.name, u.email, count(*) OVER ()::int AS total FROM user_account u
       WHERE EXISTS (SELECT FROM authorisation a WHERE a.user_id = u.id AND (a.expires_at IS NULL OR a.expires_at > now()))
         AND strpos(lower(concat_ws(' ', u.name, u.email)), lower($1)) > 0
       ORDER BY lower(u.name), u.id OFFSET $2 LIMIT $3`,
      [search, offset, limit],
    );
    const held = await this.authorisations.of(people.map(({ id }) => id));
    const items = people.map(({ id, name, email }) => ({ id, name, email, authorisations: held.get(id) ?? [] }));
    return { items, total: people[0]?.total ?? 0 };
  }

  /**
   * Takes a role back: it counts for nothing from now on, also for sessions that run.
   * @throws ApiError 404: no such, or it counts for nothing already; 409 OWN_ROLE
   */
  async end(person: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [held]: Pick<Grant, 'userId' | 'role' | 'source'>[] = await manager.query(
        'SELECT user_id AS "userId", role, source FROM authorisation WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!held) throw notFound();
      if (held.userId === person.id) {
        throw new ApiError(409, 'OWN_ROLE', 'Nobody takes back a role of their own. Ask another administrator.');
      }
      if (!(await this.authorisations.end(manager, held, person.id))) throw notFound();
    });
  }
}
