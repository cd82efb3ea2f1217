import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { confined } from '../start/confined.ts';
import { StartFault } from '../start/fault.ts';
import { run } from '../start/run.ts';
import { postgresBinaries } from './binaries.ts';

/** Name of the server's first role, a superuser that only our own start-up uses. */
export const SUPERUSER = 'beamdesk_admin';

export interface Cluster {
  /** Folder of the database files; made on first use. */
  dataDir: string;
  port: number;
  /** Numeric uid the server runs as; null = ours. */
  uid: number | null;
  /** File with the superuser's password, readable by `uid`. */
  passwordFile: string;
  /** For tests: forgets everything at a power cut, and is several times faster. */
  throwAway?: boolean;
}

/** Makes the database files unless they exist; a kill in the middle leaves nothing that a later start would trust. */
export async function initialise(cluster: Cluster): Promise<void> {
  const { initdb, postgres, root } = postgresBinaries();
  if (existsSync(join(cluster.dataDir, 'PG_VERSION'))) {
    checkOwner(cluster);
    await checkVersion(cluster.dataDir, postgres);
    return;
  }
  const fresh = `${cluster.dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  if (cluster.uid !== null) chownSync(fresh, cluster.uid, cluster.uid);
  const argv = confined(
    {
      uid: cluster.uid,
      ro: [root, cluster.passwordFile],
      rw: [fresh],
      roAt: accountFile(cluster),
      dieWithParent: true,
    },
    [
      initdb,
      ...['--pgdata', fresh, '--username', SUPERUSER, '--pwfile', cluster.passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-instructions'],
      ...(cluster.throwAway ? ['--no-sync'] : []),
    ],
  );
  await run(argv, { cwd: '/', env: serverEnvironment() });
  renameSync(fresh, cluster.dataDir);
}

/** Argument list that starts the server in the foreground, on loopback TCP only. Interrupt (SIGINT) is its clean end. */
export function serverCommand(cluster: Cluster): [string, ...string[]] {
  const { postgres, root } = postgresBinaries();
  const settings = {
    port: cluster.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    jit: 'off',
    ...(cluster.throwAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return confined(
    { uid: cluster.uid, ro: [root], rw: [cluster.dataDir], roAt: accountFile(cluster), dieWithParent: true },
    [postgres, '-D', cluster.dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  );
}

/** Environment of the server's processes: nothing of ours. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
}

/** A connection as superuser; the caller ends it. */
export async function connect(cluster: Cluster, database = 'postgres'): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: cluster.port,
    user: SUPERUSER,
    password: readFileSync(cluster.passwordFile, 'utf8').trim(),
    database,
    connectionTimeoutMillis: 2000,
  });
  // A server that ends while we are connected reports it here too; unheard it would end our process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** True when the server answers a query. */
export async function answers(cluster: Cluster): Promise<boolean> {
  try {
    const client = await connect(cluster);
    await client.query('select 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL takes only files of its own user: who started first, root or not, has to start later on too. */
function checkOwner({ dataDir, uid }: Cluster): void {
  const owner = statSync(dataDir).uid;
  if (owner !== (uid ?? process.getuid?.())) {
    const starter = uid === null ? 'root, or with other user ids' : `the user ${owner} without root`;
    throw new StartFault(`${dataDir} was made by ${starter}: start as then, or choose another folder with --data`);
  }
}

async function checkVersion(dataDir: string, postgres: string): Promise<void> {
  const written = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  const major = /\b(\d+)[.\w]/.exec(await run([postgres, '--version'], { env: serverEnvironment() }))?.[1];
  if (major !== written) {
    throw new StartFault(
      `${dataDir} was written by PostgreSQL ${written}, the server here is ${major}: dump it with the old one first`,
    );
  }
}

/** initdb asks for the name of its numeric uid; where ids are dropped no such account exists, so it is shown one. */
function accountFile(cluster: Cluster): [string, string][] {
  if (cluster.uid === null) return [];
  const file = join(dirname(cluster.dataDir), 'postgres-account');
  writeFileSync(file, `postgres:x:${cluster.uid}:${cluster.uid}::/nonexistent:/usr/sbin/nologin\n`);
  chmodSync(file, 0o644);
  return [[file, '/etc/passwd']];
}
