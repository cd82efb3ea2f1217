import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one step of `npm test` counted. */
export interface Counts {
  passed: number;
  skipped: number;
  /** One line each. */
  failures: string[];
}

export interface Step {
  name: string;
  /** Part of the run that `--only` names. */
  part: 'static' | 'unit' | 'e2e';
  command: [string, ...string[]];
  withinMs: number;
  /** Whether jest runs in it and leaves counts; otherwise the step counts as one. */
  jest: boolean;
}

/** Runs a step with its output in view. A step that takes too long is ended and failed. */
export async function runStep(step: Step, checkout: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-counts-'));
  try {
    const code = await runInView(step, checkout, folder);
    return step.jest ? sumUp(step, readCounts(folder), code) : single(step, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runInView({ command: [file, ...args], withinMs }: Step, checkout: string, countsDir: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: checkout,
      env: { ...process.env, COUNTS_DIR: countsDir, CHECKOUT_DIR: checkout, NX_DAEMON: 'false', CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'inherit', 'inherit'],
      // Leads a group of its own, so that its whole family can be ended.
      detached: true,
    });
    const end = (signal: NodeJS.Signals) => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    };
    const timer = setTimeout(() => {
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), 20_000).unref();
    }, withinMs);
    const onInterrupt = () => end('SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt);
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? 'ok' : signal ? `ended by ${signal} (limit ${withinMs / 60_000} min)` : `exit code ${code}`);
    });
  });
}

/** Adds up what the reporter left. */
export function readCounts(folder: string): Counts {
  const parts = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Counts);
  return {
    passed: parts.reduce((sum, { passed }) => sum + passed, 0),
    skipped: parts.reduce((sum, { skipped }) => sum + skipped, 0),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

/** A run that failed without a failed test, or ran nothing, is a failure all the same. */
export function sumUp(step: Pick<Step, 'name'>, counts: Counts, code: string): Counts {
  if (code !== 'ok' && counts.failures.length === 0) return { ...counts, failures: [`${step.name}: ${code}`] };
  if (counts.passed + counts.failures.length === 0) return { ...counts, failures: [`${step.name}: no test ran`] };
  return counts;
}

function single(step: Step, code: string): Counts {
  return code === 'ok' ? { passed: 1, skipped: 0, failures: [] } : { passed: 0, skipped: 0, failures: [`${step.name}: ${code}`] };
}
