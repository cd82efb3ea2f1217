import { spawn } from 'node:child_process';
import { chownSync, closeSync, openSync } from 'node:fs';
import { RunAs } from '../../machine';
import { confined, privileged, safeEnvironment, Sight } from './confined';
import { ProcessIdentity } from './launcher';
import { LauncherConfig } from './launcher-config';
import { identify } from './processes';
import { refused } from './refusals';

/** The first descriptor a child can get beyond its three streams. */
const FIRST_DESCRIPTOR = 3;

/** The path by which the child reaches the descriptor that is `at` in its list. */
export const inherited = (at: number) => `/proc/self/fd/${inheritedNumber(at)}`;
export const inheritedNumber = (at: number) => FIRST_DESCRIPTOR + at;

/** One heap for all of QEMU's threads, given back as it gets free: 10 to 30 MiB less at rest (glibc's mallopt(3)). */
const frugal = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };

export interface QemuStart {
  /** Of the machine, for errors. */
  id: string;
  argv: string[];
  runAs: RunAs | null;
  sight: Sight;
  /** The folder it is started in: sockets and overlay. */
  cwd: string;
  log: string;
  /** Handed to the child from number 3 on, in this order; the caller closes its own. */
  descriptors: number[];
  /** Lets everything else go first. */
  patient: boolean;
  /** Its memory stays where it is, as a card that reads and writes it by itself needs it (vfio): no limit to that. */
  holdsMemory?: boolean;
}

/** Starts a QEMU that survives us, confined where there is privilege to drop. @throws MachineRefused start-failed */
export function startQemu(config: LauncherConfig, start: QemuStart): ProcessIdentity {
  const { id, argv, runAs, sight, cwd, descriptors } = start;
  const words = start.patient ? ['nice', '-n', '5', ...argv] : argv;
  // The sockets are for the client's group too; a dump of a machine's memory on disk is for nobody.
  const command = ['/bin/sh', '-c', `ulimit -c 0; ${start.holdsMemory ? 'ulimit -l unlimited; ' : ''}umask 007; exec "$@"`, 'sh', ...confined(config, runAs, sight, words)];
  const log = openSync(start.log, 'w', 0o640);
  if (privileged() && config.clientGid !== null) chownSync(start.log, 0, config.clientGid);
  try {
    const [file, ...args] = command;
    const child = spawn(file, args, {
      cwd,
      detached: true,
      env: { ...safeEnvironment, ...frugal },
      stdio: ['ignore', log, log, ...descriptors],
    });
    child.on('error', () => undefined);
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (!identity) throw refused('start-failed', `${id}: the process did not start`);
    return identity;
  } finally {
    closeSync(log);
  }
}
