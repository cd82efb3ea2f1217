import { Address } from './settings';

/** Upper bounds of the histogram's buckets in seconds: a handshake takes 50 ms, or waits for somebody. */
const BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** What is true at the moment somebody asks. */
export interface MetricsNow {
  readonly sessions: number;
  readonly draining: boolean;
  /** Bytes of sessions that live; those of ended ones are counted here. */
  readonly bytesToClient: number;
  readonly bytesFromClient: number;
  readonly guacds: readonly { readonly address: Address; readonly connections: number }[];
}

/** Counts what a bridge does, and tells it in the text format of Prometheus (version 0.0.4). */
export class Metrics {
  private bytesToClient = 0;
  private bytesFromClient = 0;
  private readonly handshakes = BUCKETS.map(() => 0);
  private handshakeCount = 0;
  private handshakeSum = 0;
  private readonly endings = new Map<string, number>();

  /** guacd is ready for a session, so long after its websocket opened. */
  opened(seconds: number): void {
    this.handshakeCount++;
    this.handshakeSum += seconds;
    BUCKETS.forEach((bound, index) => (this.handshakes[index] += seconds <= bound ? 1 : 0));
  }

  /** A session is over. `code` is that of the websocket, `reason` the word of the log. */
  ended(code: number, reason: string, moved: { bytesToClient: number; bytesFromClient: number }): void {
    this.bytesToClient += moved.bytesToClient;
    this.bytesFromClient += moved.bytesFromClient;
    const labels = `code="${code}",reason="${reason.replace(/[^A-Za-z0-9_]/g, '_')}"`;
    this.endings.set(labels, (this.endings.get(labels) ?? 0) + 1);
  }

  /** All figures, a line each. */
  text({ sessions, draining, guacds, ...live }: MetricsNow): string {
    const name = (what: string): string => `beamdesk_bridge_${what}`;
    const family = (what: string, type: string, help: string, samples: readonly string[]): string[] => [
      `# HELP ${name(what)} ${help}`,
      `# TYPE ${name(what)} ${type}`,
      ...samples.map((sample) => `${name(what)}${sample}`),
    ];
    const buckets = BUCKETS.map((bound, index) => `_bucket{le="${bound}"} ${this.handshakes[index]}`);
    return [
      ...family('sessions', 'gauge', 'Sessions that are open, or being opened.', [` ${sessions}`]),
      ...family('draining', 'gauge', '1 while the bridge stops and takes no new sessions.', [` ${draining ? 1 : 0}`]),
      ...family('bytes_total', 'counter', 'Bytes of instructions that were relayed.', [
        `{direction="to_client"} ${this.bytesToClient + live.bytesToClient}`,
        `{direction="from_client"} ${this.bytesFromClient + live.bytesFromClient}`,
      ]),
      ...family('handshake_seconds', 'histogram', 'From the open websocket to a guacd that is ready.', [
        ...buckets,
        `_bucket{le="+Inf"} ${this.handshakeCount}`,
        `_sum ${this.handshakeSum}`,
        `_count ${this.handshakeCount}`,
      ]),
      ...family(
        'closed_total',
        'counter',
        'Sessions that ended, by close code of the websocket and by reason.',
        [...this.endings].map(([labels, count]) => `{${labels}} ${count}`),
      ),
      ...family(
        'guacd_connections',
        'gauge',
        'Connections to each guacd of the settings.',
        guacds.map(({ address: { host, port }, connections }) => `{guacd="${host}:${port}"} ${connections}`),
      ),
      '',
    ].join('\n');
  }
}
