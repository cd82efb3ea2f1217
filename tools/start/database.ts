import { chownSync, copyFileSync, chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../postgres/cluster.ts';
import type { Cluster } from '../postgres/cluster.ts';
import { StartFault } from './fault.ts';
import { uidOf } from './ids.ts';
import type { Layout } from './layout.ts';
import { lastPorts } from './ports.ts';
import type { Ports } from './ports.ts';
import { secretFile } from './secrets.ts';

/** Role and database of the api: no superuser, owner of its database alone. */
const ROLE = 'beamdesk';
const DATABASE = 'beamdesk';

/** Where the api finds its database: the URL holds no password. */
export interface Database {
  url: string;
  passwordFile: string | null;
  /** The server we run ourselves; null when a URL was given. */
  cluster: Cluster | null;
}

/** The PostgreSQL that the settings give, else the embedded one of this data folder. */
export function databaseOf(layout: Layout, ports: Ports, env: NodeJS.ProcessEnv): Database {
  const given = env['DATABASE_URL'];
  if (given) return { url: withoutPassword(given), passwordFile: givenPassword(layout, env), cluster: null };
  return {
    ...embedded(layout, ports.postgres),
    cluster: {
      dataDir: layout.postgres,
      port: ports.postgres,
      uid: uidOf('postgres'),
      passwordFile: secretFile(layout.secrets, 'postgres', 'superuser-password'),
    },
  };
}

/** The embedded one of the last start on this data folder; null: there was none. */
export function embeddedDatabase(layout: Layout): { url: string; passwordFile: string } | null {
  const { postgres } = lastPorts(layout.data);
  return postgres === undefined ? null : embedded(layout, postgres);
}

function embedded(layout: Layout, port: number): { url: string; passwordFile: string } {
  return {
    url: `postgresql://${ROLE}@127.0.0.1:${port}/${DATABASE}`,
    passwordFile: secretFile(layout.secrets, 'api', 'database-password'),
  };
}

/** Makes role and database of the api in the embedded server; nothing changes where they are there. */
export async function provision(database: Database): Promise<void> {
  if (!database.cluster || !database.passwordFile) return;
  const client = await connect(database.cluster);
  try {
    const password = client.escapeLiteral(readFileSync(database.passwordFile, 'utf8').trim());
    const roles = await client.query('select 1 from pg_roles where rolname = $1', [ROLE]);
    await client.query(`${roles.rowCount === 0 ? 'create' : 'alter'} role ${ROLE} login password ${password}`);
    const databases = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (databases.rowCount === 0) await client.query(`create database ${DATABASE} owner ${ROLE}`);
  } finally {
    await client.end();
  }
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) throw new StartFault('DATABASE_URL is not a URL like postgresql://user@host:5432/database');
  if (new URL(text).password) {
    throw new StartFault('DATABASE_URL must not hold the password: put it into a file and name that with DATABASE_PASSWORD_FILE');
  }
  return text;
}

/** The api may not be able to read the file where it lies, so it gets a copy of its own. */
function givenPassword(layout: Layout, env: NodeJS.ProcessEnv): string | null {
  const source = env['DATABASE_PASSWORD_FILE'];
  if (!source) return null;
  const copy = join(layout.secrets, 'api/given-database-password');
  try {
    copyFileSync(source, copy);
  } catch (error) {
    throw new StartFault(`DATABASE_PASSWORD_FILE ${source} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  chmodSync(copy, 0o600);
  const uid = uidOf('api');
  if (uid !== null) chownSync(copy, uid, uid);
  return copy;
}
