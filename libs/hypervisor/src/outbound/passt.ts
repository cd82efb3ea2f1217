import { ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { GUEST } from './frame-filter';

/** The first descriptor after the three streams; it is a unix stream socket, as passt wants it. */
const DESCRIPTOR = 3;

/**
 * passt's words: IPv4, no port of the host led to the guest, and the gateway's address not taken for the host's. By itself it lets a guest that
 * writes its own frames reach the host all the same, at 127.0.0.1 and at the host's own addresses: that is what the filter is for.
 */
export const PASST = [
  ...['passt', '--foreground', '--quiet', '--fd', String(DESCRIPTOR)],
  ...['--ipv4-only', '--no-dhcpv6', '--no-ndp', '--no-ra', '--no-map-gw', '--tcp-ports', 'none', '--udp-ports', 'none'],
  ...['--address', GUEST.address, '--netmask', GUEST.bits, '--gateway', GUEST.gateway],
];

export interface Passt {
  process: ChildProcess;
  /** Frames to and from the world. */
  frames: Duplex;
}

/**
 * Starts one passt, which ends when its frames do.
 * @param log only it is written to, 1 MiB at most
 * @param names of name servers, told to the guest by DHCP
 */
export function startPasst(log: string, names: string[]): Passt {
  const [file, ...args] = PASST;
  const child = spawn(file ?? '', [...args, ...dns(names), '--log-file', log], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const frames = child.stdio[DESCRIPTOR];
  if (!(frames instanceof Duplex)) throw new Error('passt has no descriptor');
  return { process: child, frames };
}

/** With none, passt would tell those of the host that the guest can't reach. */
const dns = (names: string[]) => (names.length === 0 ? ['--no-dhcp-dns'] : names.flatMap((name) => ['--dns', name]));
