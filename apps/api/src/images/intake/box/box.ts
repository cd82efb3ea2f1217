import { spawn, StdioOptions } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageRefusedError } from '../image-refused';
import type { FileIdentity } from '../types';
import { boxScript, rootScript } from './box-script';
import { boxEnvironment, program, shownFiles } from './programs';

/** Where the command finds the file, and may write. */
export const BOX_IMAGE = '/image';
export const BOX_OUT = '/out';
/** Who the command is when root starts it: nobody. Otherwise it is who starts it, in namespaces where that is worth nothing. */
export const BOX_ID = 65534;

export interface BoxOrder {
  /** Absolute path of the one foreign file that is shown. */
  file: string;
  /** Which file that must be. */
  identity: Pick<FileIdentity, 'device' | 'inode'>;
  /** A folder that is shown for writing, as /out; absent: nothing can be written. */
  out?: string;
  /** Program and arguments; the program by its absolute path. */
  command: string[];
  /** Where it may make a folder for itself while it runs; absent: the system's temporary folder. */
  scratch?: string;
  /** What else it needs to be shown, e.g. further programs for a test. */
  alsoShown?: string[];
  limits: BoxLimits;
  signal?: AbortSignal;
  /** Every piece of what it says on standard output, as it comes. */
  onOutput?: (text: string) => void;
}

export interface BoxLimits {
  /** Of the clock; of the processor as much again. */
  seconds: number;
  memoryMib: number;
  /** Largest file it may write. */
  fileMib: number;
}

export interface BoxOutcome {
  /** null: it was ended by a signal. */
  code: number | null;
  stdout: string;
  /** Its end, at most 16 KiB. */
  stderr: string;
  /** It was ended for taking too long. */
  late: boolean;
}

const LONGEST_OUTPUT = 1024 * 1024;
const LONGEST_COMPLAINT = 16 * 1024;
const FILE_REPLACED = 126;

/**
 * Runs a command confined: without network, other processes or files but the one, without any right, within limits; ended with
 * everything it started when it is late, when `signal` says so, or when this process ends.
 * @throws ImageRefusedError CONFINEMENT_UNAVAILABLE, CHANGED; what `signal` says when it was aborted
 */
export async function runInBox(order: BoxOrder): Promise<BoxOutcome> {
  order.signal?.throwIfAborted();
  const shown = await shownFiles([order.command[0], ...(order.alsoShown ?? []), program('setpriv'), program('umount')]);
  const base = await mkdtemp(join(order.scratch ?? tmpdir(), 'beamdesk-box-'));
  try {
    return await confined(order, wordsOf(order, base, shown));
  } finally {
    await rmdir(base).catch(() => undefined);
  }
}

function wordsOf(order: BoxOrder, base: string, shown: string[]): string[] {
  const { file, out = '', limits } = order;
  const bytes = (mib: number) => String(mib * 1048576);
  const limited = [
    ...[program('setpriv'), '--pdeathsig', 'KILL', '--'],
    ...[program('prlimit'), `--as=${bytes(limits.memoryMib)}`, `--fsize=${bytes(limits.fileMib)}`, `--cpu=${Math.ceil(limits.seconds)}`],
    ...['--core=0', '--nofile=64', '--memlock=0', '--msgqueue=0', '--'],
  ];
  if (process.getuid?.() !== 0) return [...limited, ...boxed(order, { base, file, out }, shown)];
  const places = { base: join(base, 'root'), file: join(base, 'image'), out: out && join(base, 'out') };
  const asRoot = [program('unshare'), '--mount', '--', '/bin/sh', '-c', rootScript, 'beamdesk-box', base, file, out, String(BOX_ID)];
  return [...limited, ...asRoot, ...boxed(order, places, shown)];
}

function boxed({ identity, command }: BoxOrder, { base, file, out }: Record<'base' | 'file' | 'out', string>, shown: string[]): string[] {
  return [
    ...[program('unshare'), '--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--uts'],
    ...['--fork', '--kill-child=KILL', '--', '/bin/sh', '-c', boxScript, 'beamdesk-box'],
    ...[base, file, `${identity.device}:${identity.inode}`, out, ...shown, '--', ...command],
  ];
}

function confined({ signal, limits, onOutput }: BoxOrder, [file, ...args]: string[]): Promise<BoxOutcome> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'pipe'];
  const child = spawn(file, args, { cwd: '/', env: boxEnvironment, stdio, detached: true });
  const said = { stdout: '', stderr: '', ready: '' };
  let late = false;
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Everything in it has ended by itself.
    }
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
    onOutput?.(text);
    if (said.stdout.length <= LONGEST_OUTPUT) return;
    // Progress is told again and again; an answer is never that long.
    if (onOutput) said.stdout = '';
    else end();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr = (said.stderr + text).slice(-LONGEST_COMPLAINT)));
  child.stdio[3]?.on('data', (bytes: Buffer) => (said.ready += bytes.toString('latin1')));
  const timer = setTimeout(() => {
    late = true;
    end();
  }, limits.seconds * 1000);
  signal?.addEventListener('abort', end, { once: true });
  return new Promise<BoxOutcome>((resolve, reject) => {
    child.once('error', (error) => reject(new ImageRefusedError('CONFINEMENT_UNAVAILABLE', error.message)));
    child.once('close', (code, by) => {
      const complaint = said.stderr.trim() || (by ?? `exit ${code}`);
      if (signal?.aborted) reject(signal.reason as Error);
      else if (code === FILE_REPLACED && !said.ready) reject(new ImageRefusedError('CHANGED', 'replaced by another file'));
      else if (!said.ready && !late) reject(new ImageRefusedError('CONFINEMENT_UNAVAILABLE', complaint));
      else resolve({ code, stdout: said.stdout, stderr: said.stderr.trim(), late });
    });
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  });
}
