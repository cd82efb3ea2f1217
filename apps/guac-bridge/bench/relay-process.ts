import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** guacamole-lite does not end by itself. */
const PATIENCE_MS = 1_500;

/** A relay in a process of its own, so that the kernel counts what it costs. */
export class RelayProcess {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  /** Starts a program of Node's that says its `port` in a line of JSON. */
  static async start(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<RelayProcess> {
    const child = spawn(process.execPath, argv, {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      const port = portIn(line);
      if (port !== null) {
        child.stdout.resume();
        return new RelayProcess(child, port);
      }
    }
    throw new Error(`${argv.join(' ')} ended before it listened`);
  }

  /** Seconds of processor time that all its threads have had. */
  get cpuSeconds(): number {
    const folder = `/proc/${this.child.pid}/task`;
    const nanoseconds = readdirSync(folder).map((task) =>
      Number(readFileSync(`${folder}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9;
  }

  /** Bytes of memory in use (VmRSS). */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const giveUp = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
      await gone;
      clearTimeout(giveUp);
    }
  }
}

function portIn(line: string): number | null {
  try {
    const { port } = JSON.parse(line) as { port?: unknown };
    return typeof port === 'number' ? port : null;
  } catch {
    return null;
  }
}
