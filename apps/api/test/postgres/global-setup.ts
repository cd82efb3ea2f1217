import { startEmbeddedPostgres } from './embedded-postgres';
import { running } from './running';

/** One PostgreSQL for a whole jest run; workers find it through the environment, each spec makes a database of its own. */
export default async function globalSetup(): Promise<void> {
  const postgres = await startEmbeddedPostgres();
  running.postgres = postgres;
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_POSTGRES_PASSWORD_FILE'] = postgres.passwordFile;
}
