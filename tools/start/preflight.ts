import { accessSync, constants, mkdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { StartFault } from './fault.ts';
import { lockFolder, whoHolds } from './folder-lock.ts';
import { isFree } from './free-port.ts';
import { layoutOf } from './layout.ts';

const MIB = 1024 ** 2;
/** Database, logs and a few desktops' disks; below it we do not begin. */
const NEEDED_MIB = 1024;
/** A unix socket's path has 107 bytes at most; what we add to the data folder's is shorter than the difference. */
const LONGEST_PATH = 70;

/**
 * Everything that can be known before anything is changed: folder usable and ours alone, room on its disk, port free.
 * Without a port (nothing will be started) only the folder counts. Leaves nothing behind when it refuses.
 * @throws StartFault with one sentence that says what to do
 */
export async function preflight(data: string, port: number | null): Promise<void> {
  if (Buffer.byteLength(data) > LONGEST_PATH) {
    throw new StartFault(`the path ${data} is too long for unix sockets (${LONGEST_PATH} bytes at most): choose another with --data`);
  }
  const existed = look(data);
  if (existed && !existed.isDirectory()) throw new StartFault(`${data} is not a folder: choose another with --data`);
  const nearest = nearestFolder(data);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    throw new StartFault(`cannot write to ${nearest}: choose another folder with --data, or change its permissions`);
  }
  if (existed && !lockFolder(data)) {
    throw new StartFault(`Beamdesk already runs on ${data}${whoHolds(layoutOf(data).run)}: stop it first, or choose another folder with --data`);
  }
  const room = freeMib(nearest);
  if (room < NEEDED_MIB) {
    throw new StartFault(`not enough disk space: ${nearest} has ${room} MiB left, ${NEEDED_MIB} are needed`);
  }
  if (port !== null) await checkPort(port);
  if (!existed) {
    makeFolder(data);
    if (!lockFolder(data)) throw new StartFault(`another start on ${data} was faster: it runs there now`);
  }
}

async function checkPort(port: number): Promise<void> {
  // Also as root: the front gives up root before it listens.
  const lowest = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  if (port < lowest) throw new StartFault(`port ${port} is reserved for root: choose one from ${lowest} on with --port`);
  if (!(await isFree(port)) || !(await isFree(port, '::1'))) {
    throw new StartFault(`port ${port} is in use: choose another with --port, or stop what listens there`);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new StartFault(`cannot make ${folder} (${(error as NodeJS.ErrnoException).code}): choose another with --data`);
  }
}

function nearestFolder(path: string): string {
  return look(path) ? path : nearestFolder(dirname(path));
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new StartFault(`cannot look into ${dirname(path)} (${(error as NodeJS.ErrnoException).code}): choose another folder with --data`);
  }
}

/** MiB that an unprivileged user may still write there. */
export function freeMib(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / MIB);
}
