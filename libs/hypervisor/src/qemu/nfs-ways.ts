import { NfsMount } from '../machine';

/** In QEMU's user network, 10.0.2.0/24: beyond the gateway (.2), the name server (.3) and the guest (.15). */
const FIRST_ADDRESS = 100;

/** The servers of these mounts, each once: one connection leads to each. */
export const serversOf = (nfs: NfsMount[]): string[] => [...new Set(nfs.map(({ server }) => server))];

/** Where the guest finds a server of its machine. */
export function guestAddressOf(server: string, nfs: NfsMount[]): string {
  return `10.0.2.${FIRST_ADDRESS + serversOf(nfs).indexOf(server)}`;
}
