import { guestAddressOf, serversOf } from './nfs-ways';
import { MachineLink } from './machine-link';
import { MachineOrder } from './machine-order';

const AGAIN_MS = 5000;

/**
 * A guest does not see that QEMU's connection to its NFS server broke and was made anew, and would wait for ever for answers that went with
 * the old one. So it is told, by whoever sees that the connection is another one.
 */
export class NfsWatch {
  /** The connections that guests rely on, by machine and then by server; in QEMU's words, with the ports of both ends. */
  private readonly known = new Map<string, Map<string, string>>();

  forget(id: string): void {
    this.known.delete(id);
  }

  /** Rejects when QEMU or the guest's agent can't be asked. */
  async look({ id, nfs }: MachineOrder, link: MachineLink): Promise<void> {
    const agent = link.agentClient;
    if (nfs.length === 0 || !agent || link.bootId === null) return;
    const devices = (await (await link.control()).execute('query-chardev')) as { label: string; filename: string }[];
    const known = this.known.get(id) ?? new Map<string, string>();
    this.known.set(id, known);
    for (const [at, server] of serversOf(nfs).entries()) {
      const now = devices.find(({ label }) => label === `nfs${at}`)?.filename ?? '';
      if (now === known.get(server) || !now.includes('<->')) continue;
      await agent.command(`nfs-again ${guestAddressOf(server, nfs)}`, AGAIN_MS);
      known.set(server, now);
    }
  }
}
