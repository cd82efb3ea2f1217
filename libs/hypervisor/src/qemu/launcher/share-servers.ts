import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { privileged } from './confined';
import { LauncherConfig } from './launcher-config';
import { endProcess, identify, lives, wordsOf } from './processes';
import { inherited, startQemu } from './qemu-process';
import { refused } from './refusals';
import { OpenShare } from './shares';

/** Beside what belongs to the machine: a folder for each share that is served by virtiofs, with the socket in it. */
const SERVERS = 'fs';
const SOCKET = 'fs.sock';
/** Where QEMU finds them: a socket's path has room for 107 characters. */
const SERVERS_PLACE = '/servers';
/** Of Debian's package qemu-system-common: the one written in C, of QEMU's own version. */
const VIRTIOFSD = '/usr/lib/qemu/virtiofsd';
const START_MS = 15_000;

/** What shows a machine's virtiofs shares to its QEMU. */
export interface ServedShares {
  /** Place in QEMU's sight, by tag. */
  sockets: Map<string, string>;
  /** The folder to show there; null where nothing is served. */
  sight: [string, string] | null;
}

/** In the words of each server, so that it is known whose it is. */
const placeOf = (id: string, tag: string) => `/shares/${id}/${tag}`;

/**
 * Starts what serves a machine's virtiofs shares, one process each, and waits until QEMU can connect. A server ends by itself when its QEMU
 * does. It has no switch for reading only, so all it sees is a read-only bind of the descriptor that was judged. It runs as the ids that read
 * the share, as root of a user namespace that holds these ids and no others: what it insists on doing as root it does there.
 * @throws MachineRefused start-failed
 */
export async function serveShares(config: LauncherConfig, id: string, folder: string, shares: OpenShare[]): Promise<ServedShares> {
  await endServers(id);
  const all = join(realpathSync(folder), SERVERS);
  rmSync(all, { recursive: true, force: true });
  const served = shares.filter(({ kind }) => kind === 'virtiofs');
  if (served.length === 0) return { sockets: new Map(), sight: null };
  if (!privileged()) throw refused('start-failed', 'virtiofs needs the machine launcher, run as root; without it shares go by 9p');
  mkdirSync(all);
  chmodSync(all, 0o711);
  await Promise.all(served.map((share) => serve(config, id, join(all, share.tag), share)));
  return {
    sockets: new Map(served.map(({ tag }) => [tag, `${SERVERS_PLACE}/${tag}/${SOCKET}`])),
    sight: [all, SERVERS_PLACE],
  };
}

async function serve(config: LauncherConfig, id: string, folder: string, { tag, descriptor, ids }: OpenShare): Promise<void> {
  mkdirSync(folder);
  if (ids) chownSync(folder, ids.uid, ids.gid);
  chmodSync(folder, 0o711);
  const place = placeOf(id, tag);
  const log = `${folder}.log`;
  const process = startQemu(config, {
    ...{ id, runAs: ids, cwd: '/', log, descriptors: [descriptor], patient: false },
    argv: [
      ...['unshare', '--user', '--map-root-user', '--net', '--ipc', '--'],
      ...[VIRTIOFSD, `--socket-path=/var/${SOCKET}`, '-o', `source=${place}`, '-o', 'sandbox=namespace'],
      // auto: what somebody changes on the host is seen after a second at most.
      ...['-o', 'cache=auto', '-o', 'no_xattr', '-o', 'log_level=warn'],
    ],
    // It keeps a note in /var/run of which sockets are taken.
    sight: { roAt: [[inherited(0), place]], rwAt: [[folder, '/var']] },
  });
  for (const end = Date.now() + START_MS; !existsSync(join(folder, SOCKET)); await pause(5)) {
    if (lives(process) && Date.now() < end) continue;
    await endProcess(process);
    throw refused('start-failed', `${VIRTIOFSD} for ${tag}: ${readFileSync(log, 'utf8').trim().slice(-500) || 'it does not start'}`);
  }
}

/** The tags of a machine's shares that a living process serves by virtiofs. */
export function servedTags(id: string): string[] {
  return serversOf(id).map(({ tag }) => tag);
}

/** Ends what serves a machine's shares, whoever started it. Nothing there is success. */
export async function endServers(id: string): Promise<void> {
  await Promise.all(serversOf(id).map(({ process }) => endProcess(process)));
}

function serversOf(id: string) {
  const prefix = placeOf(id, '');
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    const words = Number.isInteger(pid) ? wordsOf(pid) : [];
    // Also one that is only about to become a server.
    if (!words.includes(VIRTIOFSD)) return [];
    const source = words.find((word) => word.startsWith(`source=${prefix}`));
    const process = source === undefined ? null : identify(pid);
    return process ? [{ tag: (source ?? '').slice(`source=${prefix}`.length), process }] : [];
  });
}
