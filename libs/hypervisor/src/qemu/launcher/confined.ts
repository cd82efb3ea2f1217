import { execFile, spawn } from 'node:child_process';
import { RunAs } from '../../machine';
import { LauncherConfig } from './launcher-config';

export interface Sight {
  ro?: string[];
  rw?: string[];
  /** Placed mounts: [source, place]. */
  roAt?: [string, string][];
  rwAt?: [string, string][];
  /** Devices below /dev beside the harmless ones. */
  devices?: string[];
  dieWithParent?: boolean;
  /** What it takes its own uid and one of its groups for, where the kernel can have it believe so. */
  seenAs?: SeenAs;
}

export interface SeenAs {
  uid: number;
  gid: number;
  /** The group that it takes for `gid`. */
  group: number;
}

/** Whether ids can be changed at all; without root everything runs with the rights of this process. */
export const privileged = () => process.getuid?.() === 0;

/** The words that run `command` with these ids and nothing else in sight; the command itself where there is no privilege to drop. */
export function confined(config: LauncherConfig, runAs: RunAs | null, sight: Sight, command: string[]): string[] {
  if (!privileged()) return command;
  if (!config.confine || !runAs) throw new Error('as root, a path of confine.sh and ids to run as are needed');
  return [
    config.confine,
    ...['--uid', String(runAs.uid), '--gid', String(runAs.gid)],
    ...(runAs.groups.length ? ['--groups', runAs.groups.join(',')] : []),
    ...(sight.ro ?? []).flatMap((path) => ['--ro', path]),
    ...(sight.rw ?? []).flatMap((path) => ['--rw', path]),
    ...(sight.roAt ?? []).flatMap(([from, to]) => ['--ro-at', from, to]),
    ...(sight.rwAt ?? []).flatMap(([from, to]) => ['--rw-at', from, to]),
    ...(sight.devices ?? []).flatMap((path) => ['--device', path]),
    ...(sight.seenAs ? ['--try-seen-as', `${sight.seenAs.uid}:${sight.seenAs.gid}`, String(sight.seenAs.group)] : []),
    ...(sight.dieWithParent ? ['--die-with-parent'] : []),
    '--',
    ...command,
  ];
}

/** The words that run `command` with these ids for good, everything in sight: for a program that is given nothing it must not trust. */
export function dropped(runAs: RunAs | null, command: string[]): string[] {
  if (!privileged()) return command;
  if (!runAs) throw new Error('as root, ids to run as are needed');
  const groups = runAs.groups.length ? `--groups=${runAs.groups.join(',')}` : '--clear-groups';
  const ids = ['--reuid', String(runAs.uid), '--regid', String(runAs.gid), groups];
  return ['setpriv', ...ids, '--no-new-privs', '--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--', ...command];
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs to the end; never throws for an exit code. `code` is null when it was killed, e.g. for taking too long. */
export function run(argv: string[], timeoutMs: number, cwd = '/'): Promise<Outcome> {
  const [file, ...args] = argv;
  const options = { timeout: timeoutMs, killSignal: 'SIGKILL', cwd, env: safeEnvironment, maxBuffer: 1 << 20 } as const;
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
      resolve({ code, stdout, stderr: stderr || (error && code === null ? error.message : '') });
    });
  });
}

/** As `run`, with descriptors handed over from number 3 on. */
export function runWith(argv: string[], timeoutMs: number, descriptors: number[]): Promise<Outcome> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { cwd: '/', env: safeEnvironment, stdio: ['ignore', 'pipe', 'pipe', ...descriptors] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (bytes: Buffer) => (said[name] += bytes.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve) => {
    const end = (code: number | null, why = '') => {
      clearTimeout(late);
      resolve({ code, stdout: said.stdout, stderr: said.stderr || why });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code));
  });
}

/** Nothing of our own settings reaches what we start. */
export const safeEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C.UTF-8' };
