import type { EntityManager } from 'typeorm';

/**
 * Upserts the rows by id and marks every other row inactive. Table and column names are ours, never input.
 * @param among which other rows; absent: all
 */
export async function replace(
  manager: EntityManager,
  table: string,
  rows: Record<string, unknown>[],
  among = 'true',
): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row);
    const values = columns.map((_, i) => `$${i + 1}`);
    const updates = [...columns.filter((column) => column !== 'id').map((column) => `${column} = excluded.${column}`)];
    await manager.query(
      `INSERT INTO ${table} (${columns.join(', ')}, active) VALUES (${values.join(', ')}, true)
       ON CONFLICT (id) DO UPDATE SET ${[...updates, 'active = true'].join(', ')}`,
      columns.map((column) => row[column]),
    );
  }
  await manager.query(`UPDATE ${table} SET active = false WHERE active AND ${among} AND id <> ALL($1)`, [
    rows.map((row) => row['id']),
  ]);
}
