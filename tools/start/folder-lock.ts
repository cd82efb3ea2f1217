import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from './fault.ts';

/**
 * `flock` locks the open file that it inherits from us, so the lock is ours after it has gone, and the kernel drops it
 * when we end, however we end. Null = another process has it.
 */
function tryLock(folder: string): number | null {
  const descriptor = openSync(folder, 'r');
  const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
  if (error) throw new StartFault(`cannot lock ${folder}: the command flock (package util-linux) is missing`);
  if (status === 0) return descriptor;
  closeSync(descriptor);
  return null;
}

/** Takes a folder for the rest of this process's life; false when another process has it. */
export function lockFolder(folder: string): boolean {
  return tryLock(folder) !== null;
}

const note = (runFolder: string) => join(runFolder, 'start.json');

/** Leaves word for a second start on the same folder. */
export function noteStart(runFolder: string, url: string): void {
  writeFileSync(note(runFolder), JSON.stringify({ pid: process.pid, url }));
}

/** What the start that holds the folder left, as words for the person who tries again. */
export function whoHolds(runFolder: string): string {
  try {
    const { pid, url } = JSON.parse(readFileSync(note(runFolder), 'utf8')) as { pid: number; url: string };
    return ` at ${url} (process ${pid})`;
  } catch {
    return '';
  }
}

/** Does something while no other process does it in the same folder; waits for its turn. */
export async function withFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  let descriptor = tryLock(folder);
  while (descriptor === null) {
    await new Promise((next) => setTimeout(next, 300));
    descriptor = tryLock(folder);
  }
  try {
    return await work();
  } finally {
    closeSync(descriptor);
  }
}
