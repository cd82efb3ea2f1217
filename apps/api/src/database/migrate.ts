import { DataSource } from 'typeorm';

/** Any constant will do; it only has to be the same in every process of an installation. */
const MIGRATION_LOCK = 7_207_001;

/**
 * Brings the schema up to date. Several processes may start at once: a session-level advisory lock lets one migrate while
 * the others wait, and find nothing left to do.
 * @returns names of the migrations that ran
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const ran = await dataSource.runMigrations({ transaction: 'each' });
      return ran.map((migration) => migration.name);
    } finally {
      await guard.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await guard.release();
  }
}
