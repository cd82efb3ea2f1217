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
  private port = 0;

  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(seed: IcatSeed): Promise<TestIcat> {
    // Within the checkout, where the bundle finds its packages.
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    const icat = new TestIcat(mkdtempSync(join(ROOT, 'dist/test-icat-')));
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
    await icat.up(seed);
    return icat;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** On the port it had before. */
  async up(seed: IcatSeed): Promise<void> {
    const file = join(this.folder, 'seed.json');
    writeFileSync(file, JSON.stringify({ ...seed, port: this.port }));
    const child = spawn(process.execPath, [this.program, file], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    this.port = Number(new URL(line).port);
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
