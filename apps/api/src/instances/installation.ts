import type { DataSource, EntityManager } from 'typeorm';

/**
 * This deployment's id. An emptied database gets a new one, so that the machines of the old one belong to somebody else and
 * are left alone.
 */
export async function installationOf(database: Pick<DataSource | EntityManager, 'query'>): Promise<string> {
  const rows: { id: string }[] = await database.query(
    `WITH made AS (INSERT INTO installation SELECT WHERE NOT EXISTS (SELECT FROM installation) RETURNING id)
     SELECT id FROM made UNION ALL SELECT id FROM installation ORDER BY id LIMIT 1`,
  );
  const [row] = rows;
  if (!row) throw new Error('the database holds no installation');
  return row.id;
}

/** The same, as SQL for a row that is written: every process made sure of it when it started. */
export const INSTALLATION = () => '(SELECT id FROM installation ORDER BY id LIMIT 1)';
