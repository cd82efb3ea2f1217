import type { EntityManager } from 'typeorm';

/** `NOTIFY` channel of announcements: one was made, changed or ended. */
export const ANNOUNCEMENT_CHANNEL = 'beamdesk_announcement';

/** Heard by every process once the transaction of `manager` commits, and by none if it does not. */
export async function notifyAnnouncement(manager: EntityManager, id: string): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [ANNOUNCEMENT_CHANNEL, id]);
}
