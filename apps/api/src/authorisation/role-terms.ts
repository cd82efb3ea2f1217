import type { Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from '../auth/person';
import { ApiError, badRequest } from '../http/api-error';
import { Site } from '../site/site';

/** A role with its end, as somebody wants to grant it. */
export interface WantedRole {
  role: Role;
  /** ISO 8601; null: until it is taken back. */
  until: string | null;
  beamlines: string[] | null;
}

/** Serialises whatever could leave the portal without an administrator. */
const ADMINISTRATORS_LOCK = 'beamdesk administrators';

/** What may be granted by whom, in which terms. */
@Injectable()
export class RoleTerms {
  constructor(private readonly site: Site) {}

  /** @throws ApiError 403 ROLE_NOT_YOURS_TO_GRANT; 400: an end in the past, beamlines that are none or not of STAFF */
  check(person: Person, { role, until, beamlines }: WantedRole): void {
    if (!rolesToGrant(person).includes(role)) throw notYours();
    if (until !== null && Date.parse(until) <= Date.now()) {
      throw badRequest([{ path: 'until', message: 'is not in the future' }]);
    }
    if (beamlines !== null && role !== 'STAFF') {
      throw badRequest([{ path: 'beamlines', message: 'only STAFF is of beamlines' }]);
    }
    if (beamlines?.some((id) => !this.site.beamlines.some((one) => one.id === id))) {
      throw badRequest([{ path: 'beamlines', message: 'holds one that is no beamline of this facility' }]);
    }
  }
}

/** Staff let users in; who may decide about others is for administrators to say. */
export function rolesToGrant({ roles }: Pick<Person, 'roles'>): Role[] {
  if (roles.includes('ADMIN')) return ['USER', 'STAFF', 'SUPPORT', 'ADMIN'];
  return roles.includes('STAFF') ? ['USER'] : [];
}

export const notYours = () =>
  new ApiError(
    403,
    'ROLE_NOT_YOURS_TO_GRANT',
    'Your role does not let you grant or end this one. Ask an administrator of the portal.',
  );

/**
 * Before somebody's ADMIN gets another end. Two who end each other's at once come one after the other.
 * @param until the end to be; null: none
 * @throws ApiError 409 LAST_ADMINISTRATOR: nobody else would be one at that time, or without an end
 */
export async function keepAnAdministrator(manager: EntityManager, userId: string, until: Date | null): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [ADMINISTRATORS_LOCK]);
  if (until === null) return;
  const others: unknown[] = await manager.query(
    `SELECT 1 FROM authorisation WHERE role = 'ADMIN' AND user_id <> $1
       AND (expires_at IS NULL OR expires_at > greatest(now(), $2::timestamptz)) LIMIT 1`,
    [userId, until],
  );
  if (others.length > 0) return;
  const message =
    'Nobody else would be an administrator then. Make somebody else one first, for as long or without an end.';
  throw new ApiError(409, 'LAST_ADMINISTRATOR', message);
}
