import type { EntityManager } from 'typeorm';

/** `NOTIFY` channel of people's requests for quota or a longer life; the payload is the id of the person who asked. */
export const REQUEST_CHANNEL = 'beamdesk_request';

/** Heard by everybody once the transaction of `manager` commits, and by nobody if it does not. */
export async function notifyRequest(manager: EntityManager, userId: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [REQUEST_CHANNEL, userId]);
}
