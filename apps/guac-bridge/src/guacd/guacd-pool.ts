import { LIMITS } from '../limits';
import { Address } from '../settings';
import { connectToGuacd, GuacdSocket } from './guacd-socket';

/** One guacd of the settings. */
interface Member {
  readonly address: Address;
  connections: number;
  /** ms since the epoch; until then it is asked only where no other answers. */
  deadUntil: number;
}

/** The guacds a bridge may use. A new connection goes to the one with the fewest; a dead one is skipped for a while. */
export class GuacdPool {
  private readonly members: readonly Member[];

  constructor(addresses: readonly Address[]) {
    this.members = addresses.map((address) => ({ address, connections: 0, deadUntil: 0 }));
  }

  /** Connections of this process to each guacd of the settings. */
  get load(): readonly { readonly address: Address; readonly connections: number }[] {
    return this.members.map(({ address, connections }) => ({ address, connections }));
  }

  /** Connects to whichever guacd serves best. Rejects with the last one's error when none answers. */
  async connect(timeoutMs: number): Promise<GuacdSocket> {
    let failure: unknown = new Error('no guacd is set');
    for (const member of this.inOrder(Date.now())) {
      try {
        const guacd = await this.reach(member, timeoutMs);
        member.deadUntil = 0;
        return guacd;
      } catch (error) {
        member.deadUntil = Date.now() + LIMITS.guacdRetry;
        failure = error;
      }
    }
    throw failure;
  }

  /** Connects to the guacd that holds a live connection, one of the settings or not. */
  connectTo(address: Address, timeoutMs: number): Promise<GuacdSocket> {
    const member = this.members.find(({ address: { host, port } }) => host === address.host && port === address.port);
    return member ? this.reach(member, timeoutMs) : connectToGuacd(address, timeoutMs);
  }

  /** Those that live before the dead, among each the least loaded first. */
  private inOrder(now: number): Member[] {
    const dead = ({ deadUntil }: Member): number => (deadUntil > now ? 1 : 0);
    return [...this.members].sort((a, b) => dead(a) - dead(b) || a.connections - b.connections);
  }

  /** Counts from the beginning, so that many at once spread, too. */
  private async reach(member: Member, timeoutMs: number): Promise<GuacdSocket> {
    member.connections++;
    try {
      const guacd = await connectToGuacd(member.address, timeoutMs);
      guacd.socket.once('close', () => member.connections--);
      return guacd;
    } catch (error) {
      member.connections--;
      throw error;
    }
  }
}
