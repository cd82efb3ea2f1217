import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { initialise } from './cluster.ts';

const node = join(__dirname, '../../node_modules/.bin/node');
let child: ChildProcess;

async function start(): Promise<{ url: string; pid: number }> {
  child = spawn(node, [join(__dirname, '../postgres.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as { url: string; pid: number };
}

async function gone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (!existsSync(`/proc/${pid}`)) return true;
    await delay(50);
  }
  return false;
}

describe('tools/postgres.ts', () => {
  it('gives a server that asks for its password, has given up root, and is gone with its starter', async () => {
    const { url, pid } = await start();
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query<{ version: string; data: string }>(
      "select current_setting('server_version') version, current_setting('data_directory') data",
    );
    expect(Number.parseInt(rows[0]?.version ?? '', 10)).toBeGreaterThanOrEqual(15);
    await client.end();
    await expect(new pg.Client(url.replace(/:[^:@]+@/, ':wrong@')).connect()).rejects.toThrow('password authentication failed');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (process.getuid?.() === 0) expect(status).toMatch(/^Uid:\s+64104\s+64104\s+64104\s+64104$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    const folder = dirname(rows[0]?.data ?? '');
    expect(existsSync(folder)).toBe(true);
    const ended = once(child, 'exit');
    child.stdin?.end();
    const [code] = (await ended) as [number];
    expect(code).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(await gone(pid)).toBe(true);
  }, 60_000);

  it('leaves no server behind when its starter is killed', async () => {
    const { url, pid } = await start();
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query<{ data: string }>("select current_setting('data_directory') data");
    client.on('error', () => undefined);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(await gone(pid)).toBe(true);
    rmSync(dirname(rows[0]?.data ?? ''), { recursive: true, force: true });
  }, 60_000);

  it('refuses files of another version, and half-made ones are not taken for a database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pg-'));
    const cluster = { dataDir: join(folder, 'postgres'), port: 1, uid: null, passwordFile: join(folder, 'password') };
    mkdirSync(cluster.dataDir);
    writeFileSync(join(cluster.dataDir, 'PG_VERSION'), '9\n');
    await expect(initialise(cluster)).rejects.toThrow('was written by PostgreSQL 9');
    await expect(initialise({ ...cluster, uid: 64104 })).rejects.toThrow('start as then');
    expect(readdirSync(folder)).toEqual(['postgres']);
    rmSync(folder, { recursive: true });
  });
});
