import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  /** Runs while the steps of earlier parts do, behind everything else on the computer; what it says is shown at its end. */
  beside?: boolean;
}

/** What came of a step. */
export interface Outcome {
  name: string;
  counts: Counts;
  seconds: number;
}

/**
 * Runs steps in their order; those `beside` in a row of their own from the beginning, which the first step of their part waits
 * for. Never rejects because of a step.
 */
export async function runSteps(steps: readonly Step[], run: (step: Step) => Promise<Outcome>): Promise<Outcome[]> {
  const inTurn = async (some: readonly Step[]) => {
    const outcomes: Outcome[] = [];
    for (const step of some) outcomes.push(await run(step));
    return outcomes;
  };
  const beside = steps.filter((step) => step.beside);
  const meanwhile = inTurn(beside);
  const needs = (step: Step) => beside.some(({ part }) => part === step.part);
  const others = steps.filter((step) => !step.beside);
  const first = await inTurn(others.filter((step) => !needs(step)));
  return [...first, ...(await meanwhile), ...(await inTurn(others.filter(needs)))];
}

/** Runs a step, with its output in view. A step that takes too long is ended and failed. */
export async function runStep(step: Step, checkout: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-counts-'));
  const output = join(folder, 'output');
  const started = Date.now();
  try {
    if (!step.beside) console.log(`\n== ${step.name}`);
    const code = await runCommand(step, checkout, { counts: join(folder, 'counts'), output });
    if (step.beside) console.log(`\n== ${step.name} (beside)\n${readFileSync(output, 'utf8').trimEnd()}`);
    const counts = step.jest ? sumUp(step, readCounts(join(folder, 'counts')), code) : single(step, code);
    return { name: step.name, counts, seconds: Math.round((Date.now() - started) / 1000) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PLAIN = { NX_DAEMON: 'false', CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' };

interface Leaves {
  /** Folder of jest's counts. */
  counts: string;
  /** File that holds what a step `beside` says. */
  output: string;
}

function runCommand({ command, withinMs, beside }: Step, checkout: string, leaves: Leaves): Promise<string> {
  const [file, ...args] = beside ? (['nice', '-n', '5', ...command] as const) : command;
  mkdirSync(leaves.counts);
  const view = beside ? openSync(leaves.output, 'w') : 'inherit';
  return new Promise<string>((resolve) => {
    const child = spawn(file, args, {
      cwd: checkout,
      env: { ...process.env, ...PLAIN, COUNTS_DIR: leaves.counts, CHECKOUT_DIR: checkout },
      stdio: ['ignore', view, view],
      // Leads a group of its own, so that its whole family can be ended.
      detached: true,
    });
    const end = (signal: NodeJS.Signals) => {
      // Who ended by a signal has no exit code; the group's number may be another's by then.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
    };
    let timer = setTimeout(() => {
      end('SIGTERM');
      timer = setTimeout(() => end('SIGKILL'), 20_000);
    }, withinMs);
    const onInterrupt = () => end('SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt);
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? 'ok' : signal ? `ended by ${signal} (limit ${withinMs / 60_000} min)` : `exit code ${code}`);
    });
  }).finally(() => typeof view === 'number' && closeSync(view));
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
