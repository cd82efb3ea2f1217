import type { EntityManager } from 'typeorm';
import type { IdentityEntity } from '../entities/identity.entity';

/** Ends the login sessions that began with this identity, and tells every process to close what hangs on them. */
export async function endSessionsOf(
  manager: EntityManager,
  { id, userId, provider }: Pick<IdentityEntity, 'id' | 'userId' | 'provider'>,
): Promise<void> {
  // Sessions from before identities were noted in them name their provider alone.
  await manager.query(
    `WITH ended AS (
       DELETE FROM login_session WHERE user_id = $1
         AND COALESCE(sess ->> 'identityId' = $2, sess ->> 'provider' = $3, true) RETURNING login_sid)
     SELECT pg_notify('beamdesk_session', login_sid) FROM ended`,
    [userId, id, provider],
  );
}
