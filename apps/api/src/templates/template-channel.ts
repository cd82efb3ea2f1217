import type { DataSource, EntityManager } from 'typeorm';

/** `NOTIFY` channel of templates: the offer changed, or somebody wants one built anew. The payload is of no meaning. */
export const TEMPLATE_CHANNEL = 'beamdesk_template';

export async function notifyTemplates(database: Pick<DataSource | EntityManager, 'query'>): Promise<void> {
  await database.query(`SELECT pg_notify($1, 'look')`, [TEMPLATE_CHANNEL]);
}
