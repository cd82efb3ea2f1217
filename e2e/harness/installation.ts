import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The services of an installation that a test may kill; names of their pid files. */
export type Service = 'postgres' | 'guacd' | 'api' | 'bridge' | 'front' | 'identities' | 'launcher';

export interface InstallationOptions {
  /** Extra environment of `npm start`, e.g. a site file of the test's own; where it names the portal, made from its address. */
  env?: Record<string, string> | ((url: string) => Record<string, string>);
  /** Longest wait until the portal answers, ms. First starts build images. */
  readyWithinMs?: number;
  /** Gets every line that `npm start` prints. */
  say?: (line: string) => void;
}

/** A whole Beamdesk, started as a newcomer would, in a folder of its own on a port of its own. */
export class Installation {
  readonly dataDir: string;
  readonly port: number;
  private readonly options: InstallationOptions;
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(dataDir: string, port: number, options: InstallationOptions) {
    this.dataDir = dataDir;
    this.port = port;
    this.options = options;
  }

  static async start(options: InstallationOptions = {}): Promise<Installation> {
    const installation = new Installation(mkdtempSync(join(tmpdir(), 'beamdesk-e2e-')), await freePort(), options);
    await installation.up().catch(async (error: unknown) => {
      await installation.remove();
      throw error;
    });
    return installation;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Everything `npm start` printed so far. */
  get printed(): string {
    return this.output;
  }

  /** Starts the services on the same folder and port (again), with more settings where some are given. */
  async up(env: Record<string, string> = {}): Promise<void> {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'tools/up.ts'), '--port', String(this.port), '--data', this.dataDir],
      { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', ...this.ownEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
      this.options.say?.(chunk.toString().trimEnd());
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${this.output}`);
        return this.ready();
      },
      this.options.readyWithinMs ?? 120_000,
      () => `the portal to be ready; so far:\n${this.output}`,
    );
  }

  private ownEnv(): Record<string, string> {
    const { env = {} } = this.options;
    return typeof env === 'function' ? env(this.url) : env;
  }

  async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/api/ready`)).ok;
    } catch {
      return false;
    }
  }

  pid(service: Service): number {
    return Number(readFileSync(join(this.dataDir, 'run', `${service}.pid`), 'utf8').trim());
  }

  /** kill -9; the supervisor starts it again. */
  kill(service: Service): void {
    process.kill(this.pid(service), 'SIGKILL');
  }

  /** Ctrl-C, and wait for the end of it. */
  async stop(): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill('SIGINT');
    return ended;
  }

  /** Stops, ends machines that were left, and removes the folder. */
  async remove(): Promise<void> {
    await this.stop();
    for (const pid of this.qemuPids()) process.kill(pid, 'SIGKILL');
    await until(() => this.qemuPids().length === 0, 10_000, () => 'the last machines to end');
    if (existsSync(this.dataDir)) rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Ids of machines whose run folders are in this installation's data folder. */
  machineFolders(): string[] {
    const folder = join(this.dataDir, 'machines');
    return existsSync(folder) ? readdirSync(folder).filter((name) => UUID.test(name)).sort() : [];
  }

  /** Living QEMU processes of those machines: pid by id. QEMU names paths relative to its folder, so its `-uuid` tells. */
  machines(): Map<string, number> {
    const mine = new Set(this.machineFolders());
    return new Map(
      processes().flatMap(({ pid, argv }): [string, number][] => {
        const id = argv[argv.indexOf('-uuid') + 1] ?? '';
        return /qemu-system/.test(argv[0] ?? '') && mine.has(id) ? [[id, pid]] : [];
      }),
    );
  }

  /** Every QEMU that sees a part of the data folder, known to anybody or not: pids. */
  qemuPids(): number[] {
    return processes()
      .filter(({ pid, argv }) => /qemu-system/.test(argv[0] ?? '') && sees(pid, this.dataDir))
      .map(({ pid }) => pid);
  }

  machinePids(): number[] {
    return [...this.machines().values()];
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Every process whose command line can be read. */
export function processes(): { pid: number; argv: string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), argv: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') }];
      } catch {
        return [];
      }
    });
}

/** Whether a process works in a folder, or has a part of it mounted in a namespace of its own. */
function sees(pid: number, folder: string): boolean {
  try {
    const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
    return mounts.includes(`${folder}/`) || readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

/** Polls every 200 ms; throws with `what` when it takes longer than `withinMs`. */
export async function until<T>(
  check: () => T | Promise<T>,
  withinMs: number,
  what: () => string,
): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await check();
    if (value) return value as NonNullable<T>;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for ${what()}`);
    await new Promise((next) => setTimeout(next, 200));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
