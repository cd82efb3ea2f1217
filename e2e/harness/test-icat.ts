import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/** What the server holds; see `libs/catalogue/src/icat/testing/serve.ts`. */
export interface IcatSeed {
  /** Users of its authenticator `db` and their passwords. */
  passwords: Record<string, string>;
  proposals: {
    name: string;
    title: string;
    beamline: string;
    /** Account → role. */
    team: Record<string, string>;
    datasets?: { name: string; availability: 'online' | 'archived'; files?: Record<string, string> }[];
  }[];
}

/** A catalogue that speaks ICAT's language and its data server, in a process that may be killed and started again. */
export class TestIcat {
  private child: ChildProcess | null = null;

  private readonly folder: string;
  private readonly port: number;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  /** Not started yet: its address is known before there is anything in it. */
  static async prepare(): Promise<TestIcat> {
    // Within the checkout, where the bundle finds its packages.
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    const icat = new TestIcat(mkdtempSync(join(ROOT, 'dist/test-icat-')), lastingPort());
    await build({
      entryPoints: [join(ROOT, 'libs/catalogue/src/icat/testing/serve.ts')],
      tsconfig: join(ROOT, 'tsconfig.base.json'),
      outfile: icat.program,
      bundle: true,
      platform: 'node',
      target: 'node24',
      packages: 'external',
      logLevel: 'warning',
    });
    return icat;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** On the same port whenever it is started. @throws Error when it does not start */
  async up(seed: IcatSeed): Promise<void> {
    const file = join(this.folder, 'seed.json');
    writeFileSync(file, JSON.stringify({ ...seed, port: this.port }));
    const child = spawn(process.execPath, [this.program, file], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    const up = once(createInterface({ input: child.stdout }), 'line');
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the test ICAT did not start')));
    ended.catch(() => undefined);
    await Promise.race([up, ended]);
  }

  /** What is being restored comes back. @returns of how many datasets */
  async arrive(): Promise<number> {
    return Number(await (await fetch(`${this.url}/test/arrive`, { method: 'POST' })).text());
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get program(): string {
    return join(this.folder, 'serve.js');
  }
}

/** Below those that the system gives to outgoing connections, so that it is still free after a restart. */
function lastingPort(): number {
  return 21_000 + (process.pid % 9_000);
}
