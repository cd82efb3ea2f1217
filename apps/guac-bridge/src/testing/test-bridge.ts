import { pino } from 'pino';
import { Writable } from 'node:stream';
import { BridgeServer } from '../bridge-server';
import { GuacdPool } from '../guacd/guacd-pool';
import { InternalApi } from '../internal-api';
import { SessionOpener } from '../session-opener';
import { Address } from '../settings';
import { TicketRedeemer } from '../ticket-redeemer';
import { FakeGuacd, FakeGuacdBehaviour } from './fake-guacd';
import { FakeInternalApi } from './fake-internal-api';
import { TestBrowser } from './test-browser';

export const ORIGIN = 'https://desk.example.org';
export const SECRET = 'internal-secret-of-the-tests';
export const SESSION_ID = '7b0c7b1e-3a52-4f0e-9d0a-6f7a3f3f9a11';

/** A whole bridge between a fake guacd and a fake portal, on loopback ports; its log is kept as text. */
export class TestBridge {
  log = '';

  private constructor(
    readonly guacd: FakeGuacd,
    readonly api: FakeInternalApi,
    readonly server: BridgeServer,
    readonly port: number,
  ) {}

  static async start(behaviour: FakeGuacdBehaviour = {}, maxSessions = 10, realGuacd?: Address): Promise<TestBridge> {
    const guacd = await FakeGuacd.start(behaviour);
    const api = await FakeInternalApi.start();
    let bridge: TestBridge | null = null;
    const sink = new Writable({
      write(line, _encoding, done) {
        if (bridge) {
          bridge.log += String(line);
        }
        done();
      },
    });
    const internal = new InternalApi(api.address, SECRET, 2000);
    const guacds = new GuacdPool([realGuacd ?? guacd.address]);
    const opener = new SessionOpener(internal, new TicketRedeemer(internal, 'test-bridge'), guacds);
    const server = new BridgeServer(
      { origin: ORIGIN, maxSessions, metricsListen: null },
      opener,
      guacds,
      pino({ level: 'trace' }, sink),
    );
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    bridge = new TestBridge(guacd, api, server, port);
    bridge.grant();
    return bridge;
  }

  /** Lets every ticket open a session whose console is (for the reachability check) the fake guacd itself. */
  grant(more: { readOnly?: boolean; requestId?: string } = {}): void {
    this.api.redeem = {
      action: 'connect',
      sessionId: SESSION_ID,
      readOnly: more.readOnly ?? false,
      userName: 'Ada Okafor',
      ...(more.requestId !== undefined && { requestId: more.requestId }),
      protocol: 'vnc',
      ...this.guacd.address,
      parameters: { password: 'hushhush' },
    };
  }

  open(query = 'ticket=T1&width=1024&height=768&dpi=96', origin = ORIGIN): Promise<TestBrowser> {
    const cookie = 'beamdesk=login-cookie';
    return TestBrowser.open(`ws://127.0.0.1:${this.port}/desktop?${query}`, origin, { cookie });
  }

  async stop(): Promise<void> {
    await this.server.close();
    await Promise.all([this.guacd.stop(), this.api.stop()]);
  }
}
