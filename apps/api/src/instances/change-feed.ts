import type { EntityManager } from 'typeorm';

/** `NOTIFY` channel of instances; the payload is the instance's id. Wakes the reconciler and every event stream. */
export const INSTANCE_CHANNEL = 'beamdesk_instance';

/** Heard by everybody once the transaction of `manager` commits, and by nobody if it does not. */
export async function notifyInstance(manager: EntityManager, instanceId: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [INSTANCE_CHANNEL, instanceId]);
}
