import { RedeemAnswer } from '@beamdesk/contracts';
import { ConnectRequest } from './connect-request';
import { Ending, GUACAMOLE_STATUS } from './guacd/guacamole-status';
import { GuacdPool } from './guacd/guacd-pool';
import { connectTo, GuacdSocket } from './guacd/guacd-socket';
import { HandshakeRequest } from './guacd/handshake';
import { InternalApi } from './internal-api';
import { LIMITS } from './limits';
import { SessionLease } from './session-lease';
import { Address } from './settings';
import { TicketRedeemer } from './ticket-redeemer';
import { ClipboardSources } from './vnc-clipboard/clipboard-sources';
import { ClipboardSource } from './vnc-clipboard/session-clipboard';

/** A session the portal granted, before anything was connected for it. */
export interface GrantedSession {
  readonly sessionId: string;
  /** Of the launch of the desktop, for the log; undefined: not known. */
  readonly requestId: string | undefined;
  readonly lease: SessionLease;
  readonly readOnly: boolean;
  /** The guacd that holds the connection to be joined; null for a new one, which any guacd may hold. */
  readonly guacd: Address | null;
  readonly handshake: HandshakeRequest;
  /** Address of the console, to be checked before guacd is asked; null when a live connection is joined. */
  readonly target: Address | null;
  /** Where the guest's clipboard is read; null for viewers and for consoles that guacd reads it from itself. */
  readonly clipboard: ClipboardSource | null;
  /** How long the first picture may take, ms. */
  readonly firstPicture: number;
}

/**
 * There is nothing to join: guacd was restarted, or the bridge that held the connection was killed, or guacd hangs. The
 * portal has to know, and the page comes back for a connection of its own. guacd 1.3 tells it by closing without a word.
 */
export const CONNECTION_GONE: Ending = { status: GUACAMOLE_STATUS.UPSTREAM_UNAVAILABLE, reason: 'CONNECTION_GONE' };

/** Steps from a browser's request to a socket at guacd. Each fails with an `Ending`. */
export class SessionOpener {
  private readonly clipboards = new ClipboardSources();

  constructor(
    private readonly api: InternalApi,
    private readonly redeemer: TicketRedeemer,
    private readonly guacds: GuacdPool,
  ) {}

  /** Redeems the ticket. */
  async grant({ size, ...request }: ConnectRequest): Promise<GrantedSession | Ending> {
    let answer: RedeemAnswer;
    try {
      answer = await this.redeemer.redeem(request);
    } catch {
      return { status: GUACAMOLE_STATUS.SERVER_ERROR, reason: 'PORTAL_AWAY' };
    }
    if (answer.action === 'refuse') {
      return { status: answer.status, reason: answer.code };
    }
    const { sessionId, requestId, readOnly, userName } = answer;
    const lease = new SessionLease(this.api, sessionId, Date.now());
    const limits = { clipboard: this.clipboards.of(answer), firstPicture: pictureLimit(answer) };
    const shared = { sessionId, requestId, readOnly, lease, ...limits };
    if (answer.action === 'join') {
      const handshake = { select: answer.connectionId, size, userName, readOnly, parameters: {} };
      return { ...shared, guacd: answer.guacd, handshake, target: null };
    }
    const { host, port } = answer;
    const parameters = { ...answer.parameters, hostname: host, port: String(port) };
    const handshake = { select: answer.protocol, size, userName, readOnly, parameters };
    return { ...shared, guacd: null, handshake, target: { host, port } };
  }

  /**
   * Connects to guacd, after checking that the console accepts connections at all: guacd 1.6 says nothing for 15 s
   * about half the times it does not. Of RDP this tells only that the machine's process is there, see LIMITS.firstPicture.
   */
  async connect({ target, guacd }: GrantedSession): Promise<GuacdSocket | Ending> {
    if (target) {
      try {
        (await connectTo(target, LIMITS.reach)).destroy();
      } catch {
        return { status: GUACAMOLE_STATUS.UPSTREAM_NOT_FOUND, reason: 'CONSOLE_UNREACHABLE' };
      }
    }
    try {
      return await (guacd ? this.guacds.connectTo(guacd, LIMITS.reach) : this.guacds.connect(LIMITS.reach));
    } catch {
      return target ? { status: GUACAMOLE_STATUS.UPSTREAM_UNAVAILABLE, reason: 'GUACD_UNREACHABLE' } : CONNECTION_GONE;
    }
  }
}

/** A viewer who joins is not told the protocol: what they join may just be signing in. */
function pictureLimit(answer: Exclude<RedeemAnswer, { action: 'refuse' }>): number {
  const protocol = answer.action === 'connect' ? answer.protocol : (answer.console?.protocol ?? 'rdp');
  return LIMITS.firstPicture[protocol];
}
