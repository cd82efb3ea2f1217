import type { RoleChange, RoleGrant } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Person } from '../../auth/person';
import { ApiError, notFound } from '../../http/api-error';
import { Authorisations, type GrantKey } from '../authorisations';
import { OpenRequests } from '../open-requests';
import { keepAnAdministrator, notYours, RoleTerms } from '../role-terms';
import { PeopleList } from './people-list';
import { mayEnd } from './person-rules';

const dateOf = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));

/** Roles granted, changed and taken back by hand; who may is decided before anything is written, in one transaction. */
@Injectable()
export class PersonRoles {
  constructor(
    private readonly dataSource: DataSource,
    private readonly people: PeopleList,
    private readonly terms: RoleTerms,
    private readonly authorisations: Authorisations,
    private readonly requests: OpenRequests,
  ) {}

  /**
   * In place of what was decided about that role before. An open request of the person is answered by it.
   * @throws ApiError 404: unknown, or not theirs to see; 403 NOT_ALLOWED (themselves), ROLE_NOT_YOURS_TO_GRANT;
   * 409 LAST_ADMINISTRATOR; 400: see `RoleTerms`
   */
  async grant(person: Person, userId: string, { role, until, beamlines, reason }: RoleGrant): Promise<void> {
    if (!(await this.people.sees(person, userId))) throw notFound();
    if (userId === person.id) {
      throw new ApiError(403, 'NOT_ALLOWED', 'Nobody decides about themselves. Somebody else has to look at it.');
    }
    this.terms.check(person, { role, until, beamlines });
    const end = dateOf(until);
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [userId]);
      if (role === 'ADMIN') await keepAnAdministrator(manager, userId, end);
      const grant = { userId, role, source: 'decision' as const, actorId: person.id, reason, beamlines, until: end };
      await this.authorisations.grant(manager, grant);
      await this.requests.close(manager, userId, 'The staff let you in.');
    });
  }

  /**
   * @throws ApiError 404: no such, not theirs to see, or it counts for nothing; 409 OWN_ROLE, CATALOGUE_DECIDES,
   * LAST_ADMINISTRATOR; 403 ROLE_NOT_YOURS_TO_GRANT; 400: see `RoleTerms`
   */
  async change(person: Person, id: string, { until, beamlines, reason }: RoleChange): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const held = await this.locked(manager, person, id);
      if (held.source === 'catalogue') {
        const message = 'The catalogue gives this role and its end. Take it back, or grant one beside it.';
        throw new ApiError(409, 'CATALOGUE_DECIDES', message);
      }
      this.terms.check(person, { role: held.role, until, beamlines });
      const end = dateOf(until);
      if (held.role === 'ADMIN') await keepAnAdministrator(manager, held.userId, end);
      const change = { actorId: person.id, reason, until: end, beamlines };
      if (!(await this.authorisations.change(manager, held, change))) throw notFound();
    });
  }

  /**
   * Takes a role back: it counts for nothing from now on, also for sessions that run.
   * @throws ApiError as `change`
   */
  async end(person: Person, id: string, reason: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const held = await this.locked(manager, person, id);
      if (held.role === 'ADMIN') await keepAnAdministrator(manager, held.userId, new Date());
      if (!(await this.authorisations.end(manager, held, person.id, reason))) throw notFound();
    });
  }

  private async locked(manager: EntityManager, person: Person, id: string): Promise<GrantKey> {
    const [held]: GrantKey[] = await manager.query(
      'SELECT user_id AS "userId", role, source FROM authorisation WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!held || !(await this.people.sees(person, held.userId))) throw notFound();
    if (held.userId === person.id) {
      throw new ApiError(409, 'OWN_ROLE', 'Nobody changes a role of their own. Ask somebody else who decides.');
    }
    if (!mayEnd(person, held)) throw notYours();
    return held;
  }
}
