import type { EntityManager } from 'typeorm';

/** `NOTIFY` channel of what somebody is authorised for, and of their request; the payload is the person's id. */
export const AUTHORISATION_CHANNEL = 'beamdesk_authorisation';

/** Heard by everybody once the transaction of `manager` commits, and by nobody if it does not. */
export async function notifyAuthorisation(manager: EntityManager, userId: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [AUTHORISATION_CHANNEL, userId]);
}
