import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from './fault.ts';
import type { Layout } from './layout.ts';
import { LogFile } from './log-file.ts';
import { say } from './say.ts';

/** What runs, and how to tell that it works. */
export interface ServiceSpec {
  /** Name of its pid file and log. */
  name: string;
  command: [string, ...string[]];
  /** Its whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  /** True when it answers. Asked until the first yes at each start, and then every few seconds. */
  answers: () => Promise<boolean>;
  /** Signal of its clean end; default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** How long its clean end may take before it is killed, ms; default 8000. */
  stopWithinMs?: number;
}

const READY_WITHIN_MS = 60_000;
const CHECK_EVERY_MS = 5_000;
/** So many failed checks in a row, and it is started anew. Generous: a loaded machine is no dead service. */
const FAILED_CHECKS = 12;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A service that never worked and ended so often has a wrong setting, not a bad moment. */
const TRIES = 8;

/**
 * One supervised process: started again when it ends (at once after it had worked, with growing pauses when it had not)
 * or no longer answers. It leads a process group of its own, so that Ctrl-C reaches only us, and dies with us.
 */
export class Service {
  readonly spec: ServiceSpec;
  private readonly log: LogFile;
  private readonly pidFile: string;
  private child: ChildProcess | null = null;
  private stopping = false;
  private everWorked = false;
  private works = false;
  private fruitless = 0;
  private lastLines = '';
  private wake: () => void = () => undefined;
  private failure: ((fault: StartFault) => void) | null = null;

  constructor(spec: ServiceSpec, layout: Layout) {
    this.spec = spec;
    this.log = new LogFile(join(layout.logs, `${spec.name}.log`));
    this.pidFile = join(layout.run, `${spec.name}.pid`);
  }

  /** Resolves at its first answer; refuses when it cannot be brought to work. From then on it is looked after. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(`does not answer after ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
      this.failure = (fault) => {
        clearTimeout(timer);
        reject(fault);
      };
      this.wake = () => {
        clearTimeout(timer);
        this.failure = null;
        resolve();
      };
      this.launch();
      void this.watch();
    });
  }

  /** Its clean end, or its end by force when that takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(this.spec.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.spec.stopWithinMs ?? 8000);
    await ended;
    clearTimeout(timer);
  }

  /** At once. */
  kill(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }

  private launch(): void {
    const [command, ...args] = this.spec.command;
    this.works = false;
    const child = spawn(command, args, { cwd: '/', env: this.spec.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    if (child.pid !== undefined) writeFileSync(this.pidFile, `${child.pid}\n`);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.keep(chunk));
    child.once('error', (error) => this.keep(Buffer.from(`${error.message}\n`)));
    child.once('close', (code, signal) => this.ended(signal ?? `code ${code}`));
  }

  private ended(how: string): void {
    rmSync(this.pidFile, { force: true });
    if (this.stopping) return;
    this.fruitless = this.works ? 0 : this.fruitless + 1;
    this.note(`ended (${how})`);
    if (!this.everWorked && this.fruitless >= TRIES) return this.giveUp(`ended ${TRIES} times before it worked`);
    if (this.works) say(`${this.spec.name} ended (${how}) and is started again`);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.fruitless, LONGEST_PAUSE_MS);
    setTimeout(() => {
      if (!this.stopping) this.launch();
    }, pause);
  }

  private async watch(): Promise<void> {
    for (let failed = 0; !this.stopping; ) {
      const child = this.child;
      const answered = await this.spec.answers();
      // An answer counts only for the process that was asked.
      if (answered && child === this.child && child?.exitCode === null) {
        failed = 0;
        this.works = true;
        this.everWorked = true;
        this.wake();
      } else if (this.works && (failed += 1) >= FAILED_CHECKS) {
        failed = 0;
        say(`${this.spec.name} no longer answers and is started again`);
        this.child?.kill('SIGKILL');
      }
      await new Promise((next) => setTimeout(next, this.works ? CHECK_EVERY_MS : 100).unref());
    }
  }

  private giveUp(why: string): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
    const reason = this.lastLines.trim().split('\n').slice(-5).join('\n  ');
    this.failure?.(new StartFault(`${this.spec.name} ${why}; the end of ${this.log.path}:\n  ${reason}`));
  }

  private keep(chunk: Buffer): void {
    this.lastLines = (this.lastLines + chunk.toString()).slice(-2000);
    this.log.write(chunk);
  }

  private note(line: string): void {
    this.log.write(`--- ${new Date().toISOString()} ${this.spec.name} ${line}\n`);
  }
}
