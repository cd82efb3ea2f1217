/**
 * A PostgreSQL server for tests that is gone when they are.
 *
 *   node tools/postgres.ts
 *
 * Prints one line of JSON when it answers, `{ "url", "pid" }`, and runs until it is interrupted (SIGINT, SIGTERM) or its
 * standard input ends. Its files lie in a folder of their own under the system's temporary folder and are removed.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, connect, initialise, serverCommand, serverEnvironment, SUPERUSER } from './postgres/cluster.ts';
import type { Cluster } from './postgres/cluster.ts';
import { sentence } from './start/fault.ts';
import { freePort } from './start/free-port.ts';
import { uidOf } from './start/ids.ts';

const DATABASE = 'beamdesk';
const READY_WITHIN_MS = 30_000;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-postgres-'));
  const password = randomBytes(18).toString('base64url');
  const cluster: Cluster = {
    dataDir: join(folder, 'files'),
    port: await freePort(),
    uid: uidOf('postgres'),
    passwordFile: join(folder, 'password'),
    throwAway: true,
  };
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o711);
  writeFileSync(cluster.passwordFile, password, { mode: 0o600 });
  if (cluster.uid !== null) chownSync(cluster.passwordFile, cluster.uid, cluster.uid);
  await initialise(cluster);

  const [command, ...args] = serverCommand(cluster);
  const server = spawn(command, args, { cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = (log + chunk).slice(-4096)));
  const ended = new Promise<number | null>((done) => server.once('exit', (code) => done(code)));
  const stop = () => server.kill('SIGINT');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdin.on('end', stop).on('error', stop).resume();

  await untilReady(cluster, server, () => log);
  const client = await connect(cluster);
  await client.query(`create database ${DATABASE}`);
  await client.end();
  const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${cluster.port}/${DATABASE}`;
  process.stdout.write(`${JSON.stringify({ url, pid: server.pid })}\n`);
  process.exitCode = (await ended) ?? 1;
  process.exit();
}

async function untilReady(cluster: Cluster, server: { exitCode: number | null }, log: () => string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (!(await answers(cluster))) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}: ${log()}`);
    if (Date.now() > end) throw new Error(`the server does not answer after ${READY_WITHIN_MS / 1000} s: ${log()}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    process.stderr.write(`postgres: ${sentence(error)}\n`);
    process.exit(1);
  });
}
