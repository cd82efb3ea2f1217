/**
 * A guacd on a free loopback port for tests that is gone when they are.
 *
 *   node tools/guacd.ts [HOST:PORT | /path/of/guacd | private]
 *
 * Prints one line of JSON when it answers, `{ "host", "port", "pid" }`, and runs until it is interrupted (SIGINT, SIGTERM)
 * or its standard input ends. Without argument: the setting BEAMDESK_GUACD, the PATH, the private unpack, in this order.
 */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGuacd, guacdAnswers, guacdCommand, guacdEnvironment } from './guacd/find-guacd.ts';
import { sentence } from './start/fault.ts';
import { freePort } from './start/free-port.ts';
import { uidOf } from './start/ids.ts';
import { cacheFolder } from './start/layout.ts';

async function main(setting: string | undefined): Promise<void> {
  const guacd = await findGuacd(setting, { cache: cacheFolder() });
  if (guacd.kind === 'running') {
    const [host, port] = guacd.address.split(':');
    process.stdout.write(`${JSON.stringify({ host, port: Number(port), pid: null })}\n`);
    return;
  }
  const home = mkdtempSync(join(tmpdir(), 'beamdesk-guacd-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const uid = uidOf('guacd');
  if (uid !== null) chownSync(home, uid, uid);
  chmodSync(home, 0o700);
  const port = await freePort();
  const [command, ...args] = guacdCommand(guacd, { port, uid, home });
  const child = spawn(command, args, { cwd: '/', env: guacdEnvironment(guacd, home), stdio: ['ignore', 'inherit', 'inherit'] });
  child.once('exit', (code) => process.exit(code ?? 0));
  const stop = () => child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdin.on('end', stop).on('error', stop).resume();
  for (const end = Date.now() + 15_000; !(await guacdAnswers('127.0.0.1', port)); ) {
    if (Date.now() > end) throw new Error('guacd does not answer after 15 s');
    await new Promise((next) => setTimeout(next, 50));
  }
  process.stdout.write(`${JSON.stringify({ host: '127.0.0.1', port, pid: child.pid })}\n`);
}

if (process.argv[1] === import.meta.filename) {
  main(process.argv[2] ?? process.env['BEAMDESK_GUACD']).catch((error: unknown) => {
    process.stderr.write(`guacd: ${sentence(error)}\n`);
    process.exit(1);
  });
}
