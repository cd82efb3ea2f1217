import { covers, NEVER, Range } from './ranges';

/** The guest's network: the numbers are told to it by DHCP, and the same for every guest. */
export const GUEST = { address: '10.0.3.15', bits: '24', gateway: '10.0.3.2' } as const;

/** What a guest may reach. */
export interface Rules {
  /** The host's own addresses, and what the site closes. */
  closed: Range[];
  /** Name servers: of these port 53 is open even where they lie in what is closed. */
  names: number[];
}

const IPV4 = 0x0800;
const ARP = 0x0806;
const UDP = 17;
const TCP = 6;
const ICMP = 1;
const EVERYBODY = 0xffffffff;
const GATEWAY = 0x0a000302;
/** Ethernet's header, and IPv4's without options. */
const HEADERS = 14 + 20;

/**
 * Whether a guest's Ethernet frame may go on to what speaks for it to the world. Everything is judged by the address it goes to: nothing to this
 * host, nothing to what is closed. Beside IPv4 only ARP, which passt answers itself.
 */
export function mayLeave(frame: Buffer, { closed, names }: Rules): boolean {
  if (frame.length < 14) return false;
  const type = frame.readUInt16BE(12);
  if (type === ARP) return true;
  // No options: nobody needs them, and one of them is another destination.
  if (type !== IPV4 || frame.length < HEADERS || frame[14] !== 0x45) return false;
  const protocol = frame[23];
  const to = frame.readUInt32BE(30);
  if (to === EVERYBODY || to === GATEWAY) return protocol === UDP && isTo(frame, 67);
  if (names.includes(to)) return (protocol === UDP || protocol === TCP) && isTo(frame, 53);
  if (protocol !== TCP && protocol !== UDP && protocol !== ICMP) return false;
  return !covers(NEVER, to) && !covers(closed, to);
}

/** Whether it goes to this port, of TCP or UDP, and is not a part of something larger. */
function isTo(frame: Buffer, port: number): boolean {
  const isFragment = (frame.readUInt16BE(20) & 0x3fff) !== 0;
  return !isFragment && frame.length >= HEADERS + 8 && frame.readUInt16BE(36) === port;
}
