import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { Secret } from '../../src/config/secret';
import { parseDatabaseUrl } from '../../src/config/parse-address';
import { adminConnection } from './embedded-postgres';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { migrate } from '../../src/database/migrate';

/** An empty database of one spec file on the run's PostgreSQL. */
export interface TestDatabase {
  /** As DATABASE_URL: no password inside. */
  url: string;
  passwordFile: string;
  /** Ends every connection and removes it. */
  drop(): Promise<void>;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: database specs run under the jest config of apps/api`);
  return value;
}

async function admin(sql: string): Promise<void> {
  const password = readFileSync(setting('TEST_POSTGRES_PASSWORD_FILE'), 'utf8');
  const client = new Client(adminConnection(setting('TEST_POSTGRES_URL'), password));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin(`CREATE DATABASE ${name}`);
  return {
    url: `${setting('TEST_POSTGRES_URL')}/${name}`,
    passwordFile: setting('TEST_POSTGRES_PASSWORD_FILE'),
    drop: () => admin(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** A data source on it, connected, not migrated. */
export function openTestDataSource(database: TestDatabase): Promise<DataSource> {
  const password = new Secret(readFileSync(database.passwordFile, 'utf8'));
  return new DataSource(dataSourceOptions({ ...parseDatabaseUrl(database.url), password })).initialize();
}

/** A migrated database and a data source on it, for repository specs that need no Nest. */
export async function createTestDataSource(): Promise<{ dataSource: DataSource; close(): Promise<void> }> {
  const database = await createTestDatabase();
  const dataSource = await openTestDataSource(database);
  await migrate(dataSource);
  return {
    dataSource,
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
