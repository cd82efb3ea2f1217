import { encodeInstruction } from './guacd/instruction';
import { Metrics } from './metrics';
import { answerOperations, httpServer, listenOn } from './operations';
import { TestBridge } from './testing/test-bridge';
import { waitFor } from './testing/test-browser';

const SYNC = encodeInstruction('sync', '4711');

describe('/metrics', () => {
  let bridge: TestBridge;
  afterEach(() => bridge?.stop());

  async function figures(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${bridge.port}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return answer.text();
  }

  it('counts sessions, bytes each way, handshakes and endings, of live and of ended sessions', async () => {
    bridge = await TestBridge.start({ onReady: ({ socket }) => socket.write(SYNC) });
    const browser = await bridge.open();
    await browser.until('sync');
    browser.send(SYNC + SYNC);
    await waitFor(() => bridge.guacd.live?.with('sync').length === 2, 'both syncs');
    const { host, port } = bridge.guacd.address;
    const live = await figures();
    expect(live).toContain('\nbeamdesk_bridge_sessions 1\n');
    expect(live).toContain(`\nbeamdesk_bridge_guacd_connections{guacd="${host}:${port}"} 1\n`);
    expect(live).toContain('\nbeamdesk_bridge_handshake_seconds_count 1\n');
    expect(live).toContain('\nbeamdesk_bridge_handshake_seconds_bucket{le="+Inf"} 1\n');

    browser.send(encodeInstruction('', 'evil'));
    await browser.closed;
    await waitFor(() => bridge.guacd.live?.socket.destroyed, 'the connection to guacd to end');
    const over = await figures();
    expect(over).toContain('\nbeamdesk_bridge_sessions 0\n');
    expect(over).toContain('\nbeamdesk_bridge_closed_total{code="1002",reason="INTERNAL_INSTRUCTION"} 1\n');
    for (const text of [live, over]) {
      expect(text).toContain(`\nbeamdesk_bridge_bytes_total{direction="to_client"} ${SYNC.length}\n`);
      expect(text).toContain(`\nbeamdesk_bridge_bytes_total{direction="from_client"} ${2 * SYNC.length}\n`);
    }
  });

  it('is elsewhere when the settings say so', async () => {
    bridge = await TestBridge.start();
    const server = httpServer(answerOperations(bridge.server, false));
    const { port } = await listenOn(server, { host: '127.0.0.1', port: 0 });
    const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect([await status('/metrics'), await status('/ready'), await status('/health')]).toEqual([404, 200, 200]);
    server.closeAllConnections();
    server.close();
  });

  it('puts a handshake into every bucket that is long enough, and takes no label from outside as it is', () => {
    const metrics = new Metrics();
    metrics.opened(0.07);
    metrics.opened(30);
    metrics.ended(1011, 'A"}\nB', { bytesToClient: 0, bytesFromClient: 0 });
    const now = { sessions: 0, draining: false, bytesToClient: 0, bytesFromClient: 0, guacds: [] };
    const lines = metrics.text(now).split('\n');
    const bucket = (bound: string): string | undefined => lines.find((line) => line.includes(`le="${bound}"`));
    expect(['0.05', '0.1', '20', '+Inf'].map((bound) => bucket(bound)?.split(' ')[1])).toEqual(['0', '1', '1', '2']);
    expect(lines).toContain('beamdesk_bridge_closed_total{code="1011",reason="A___B"} 1');
  });
});
