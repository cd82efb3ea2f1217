import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddresses } from '../../outbound/own-addresses';
import { RESOLVER_FILES, resolversOf } from '../../outbound/resolvers';
import { privileged } from './confined';
import { LauncherConfig } from './launcher-config';
import { endProcess, identify, lives, wordsOf } from './processes';
import { startQemu } from './qemu-process';
import { refused } from './refusals';

/** Beside what belongs to the machine: the folder of its way out, with the socket in it. */
const FOLDER = 'net';
const SOCKET = 'net.sock';
/** Where it and the machine's QEMU find that folder: a socket's path has room for 107 characters. */
const PLACE = '/net';
const PASST = '/usr/bin/passt';
const START_MS = 15_000;
/** In the words of the process, so that it is known whose it is. */
const mark = (id: string) => `--machine=${id}`;

/** How a machine's QEMU reaches its way out. */
export interface WayOut {
  socket: string;
  /** The folder to show to it; null where it sees everything. */
  sight: [string, string] | null;
}

/**
 * Starts the way out of a machine: a process with ids of its own and no right, which filters the guest's frames and starts passt for the rest
 * (libs/hypervisor/src/outbound). It ends with the machine's QEMU.
 * @param files the machine's own folder, in which its QEMU is started
 * @throws MachineRefused network-missing, start-failed
 */
export async function makeWayOut(config: LauncherConfig, id: string, folder: string, files: string): Promise<WayOut> {
  await endWayOut(id);
  const { outbound } = config;
  if (!outbound) throw refused('network-missing', 'this host is not set up to let machines out');
  for (const path of [PASST, outbound.program]) if (!existsSync(path)) throw refused('network-missing', `no ${path} on this host`);
  if (privileged() && !outbound.runAs) throw refused('network-missing', 'no ids are set for what leads out');
  const own = join(realpathSync(folder), FOLDER);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  if (privileged() && outbound.runAs) chownSync(own, outbound.runAs.uid, outbound.runAs.gid);
  chmodSync(own, 0o711);
  const log = `${own}.log`;
  const process = startQemu(config, {
    ...{ id, runAs: outbound.runAs, cwd: '/', log, descriptors: [], patient: false },
    argv: [global.process.execPath, outbound.program, mark(id), privileged() ? PLACE : own, outbound.closed.join(','), nameServers().join(',')],
    sight: { ro: [dirname(outbound.program), global.process.execPath], rwAt: [[own, PLACE]] },
  });
  for (const end = Date.now() + START_MS; !existsSync(join(own, SOCKET)); await pause(5)) {
    if (lives(process) && Date.now() < end) continue;
    await endProcess(process);
    throw refused('start-failed', `the way out: ${readFileSync(log, 'utf8').trim().slice(-500) || 'it does not start'}`);
  }
  if (privileged()) return { socket: join(PLACE, SOCKET), sight: [own, PLACE] };
  return { socket: relative(files, join(own, SOCKET)), sight: null };
}

/** The host's name servers, for a guest; none of them is the host. */
function nameServers(): string[] {
  const texts = RESOLVER_FILES.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
  return resolversOf(texts, ownAddresses()());
}

/** Ends the way out of a machine, whoever started it; its passt follows. Nothing there is success. */
export async function endWayOut(id: string): Promise<void> {
  const pids = readdirSync('/proc').map(Number).filter((pid) => Number.isInteger(pid) && wordsOf(pid).includes(mark(id)));
  const found = pids.map((pid) => identify(pid)).filter((each) => each !== null);
  await Promise.all(found.map((each) => endProcess(each)));
}
