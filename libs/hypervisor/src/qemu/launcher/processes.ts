import { readdirSync, readFileSync } from 'node:fs';
import { HypervisorUnreachable } from '../../errors';
import { ProcessIdentity } from './launcher';
import { codeOf } from './refusals';

interface Seen {
  startTime: number;
  gone: boolean;
  kernel: boolean;
}

/** PF_KTHREAD of the kernel's sched.h: kernel threads never have words. */
const KERNEL_THREAD = 0x00200000;
/** How long a process without words is given to have some: it is executing another program, or on its way out. */
const WORDLESS_LOOKS = 50;
const WORDLESS_PAUSE_MS = 2;

/** What /proc says of a pid; null when there is none. A zombie runs nothing and holds nothing: gone. */
function look(pid: number): Seen | null {
  try {
    // The second field is a name in brackets that may hold anything: count from its end (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    const gone = ['Z', 'X', 'x'].includes(fields[0]);
    return { startTime: Number(fields[19]), gone, kernel: (Number(fields[6]) & KERNEL_THREAD) !== 0 };
  } catch {
    return null;
  }
}

/** The words of a process; empty when it is not there, or on its way out. */
export function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

/** As `wordsOf`, but waits for the words of a process that is just replacing itself by another program. */
function settledWordsOf(pid: number): string[] {
  let words = wordsOf(pid);
  for (let looks = 0; words.length === 0 && looks < WORDLESS_LOOKS; looks++) {
    const seen = look(pid);
    if (!seen || seen.gone || seen.kernel) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WORDLESS_PAUSE_MS);
    words = wordsOf(pid);
  }
  return words;
}

/** The words of a process name this machine as their own. */
const belongs = (words: string[], id: string) =>
  words.some((word, at) => word === '-uuid' && words[at + 1] === id) && words.some((word) => word.startsWith('qemu-system-'));

/** Whether exactly this process runs. */
export function lives({ pid, startTime }: ProcessIdentity): boolean {
  const seen = look(pid);
  return seen !== null && !seen.gone && seen.startTime === startTime;
}

/**
 * Whether exactly this process runs and is this machine's. While it replaces itself by another program (as confine.sh does
 * several times) it has no words for a moment: pid and start time say who it is.
 */
export function livesAs(id: string, process: ProcessIdentity): boolean {
  if (!lives(process)) return false;
  const words = wordsOf(process.pid);
  return words.length > 0 ? belongs(words, id) : lives(process);
}

export function identify(pid: number): ProcessIdentity | null {
  const seen = look(pid);
  return seen && !seen.gone ? { pid, startTime: seen.startTime } : null;
}

/** Finds a machine's process by its words alone. */
export function findProcess(id: string): ProcessIdentity | null {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !belongs(settledWordsOf(pid), id)) continue;
    const found = identify(pid);
    if (found) return found;
  }
  return null;
}

/** Whether a machine that runs has this function of a card of the host. */
export function hasCard(address: string): boolean {
  return readdirSync('/proc').some((name) => {
    const words = Number.isInteger(Number(name)) ? settledWordsOf(Number(name)) : [];
    return words.some((word) => word.startsWith('qemu-system-')) && words.some((word) => word.startsWith(`vfio-pci,host=${address},`));
  });
}

/**
 * Memory in MiB that a process shares with nobody: what it would give back. 0 when it cannot be read.
 * @param sharesMemory its guest's memory is shared with what serves its data, so it counts as well
 */
export function privateMib(pid: number, sharesMemory = false): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
    return Math.round((kib('RssAnon') + (sharesMemory ? kib('RssShmem') : 0)) / 1024);
  } catch {
    return 0;
  }
}

/** What the kernel counts processor time in: fixed in its interface to programs (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** Processor time of exactly this process since it began, seconds; null when it does not run. */
export function cpuSecondsOf({ pid, startTime }: ProcessIdentity): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    if (Number(fields[19]) !== startTime || ['Z', 'X', 'x'].includes(fields[0])) return null;
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** SIGKILL to exactly this process, then waits until it is really gone. */
export async function endProcess(identity: ProcessIdentity, withinMs = 10_000): Promise<void> {
  for (const end = Date.now() + withinMs; lives(identity); ) {
    if (Date.now() > end) throw new Error(`process ${identity.pid} survives SIGKILL`);
    try {
      process.kill(identity.pid, 'SIGKILL');
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * SIGKILL, then waits until it is really gone. A process that is not this machine's is left alone, whatever its pid.
 */
export async function killMachine(id: string, identity: ProcessIdentity, withinMs = 10_000): Promise<void> {
  const words = lives(identity) ? wordsOf(identity.pid) : [];
  if (words.length > 0 && !belongs(words, id)) return;
  await endProcess(identity, withinMs);
}

/**
 * Whether a machine's process runs, for a caller that may not see every process: where /proc hides what exists, it says so instead of "gone".
 */
export function seesAlive(id: string, identity: ProcessIdentity): boolean {
  if (livesAs(id, identity)) return true;
  if (look(identity.pid) !== null) return false;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw new HypervisorUnreachable(`process ${identity.pid} exists and /proc hides it from us`);
  }
  return false;
}
