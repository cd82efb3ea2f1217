import { PortalEvent, portalEvent } from '@beamdesk/contracts';
import { WebSocket } from 'ws';

export type Numbered = Extract<PortalEvent, { seq: number }>;

/** One open tab: collects what it is sent, each event checked against the contract. */
export class EventTab {
  readonly events: Numbered[] = [];
  /** Restores of its person that changed, in order. */
  readonly restores: Extract<PortalEvent, { type: 'restore' }>[] = [];
  /** How often it was told that announcements changed. */
  announcements = 0;
  /** How often it was told that its person's requests changed. */
  requests = 0;
  /** How often it was told that its person's authorisation changed. */
  authorisations = 0;
  /** What an HTTP refusal of the upgrade said. */
  refused: number | null = null;
  closed: { code: number; at: number } | null = null;
  readonly socket: WebSocket;

  constructor(portal: string, cookie: string, headers: Record<string, string> = {}, query = '') {
    this.socket = new WebSocket(`${portal.replace('http', 'ws')}/api/events${query}`, {
      headers: { Cookie: cookie, Origin: portal, ...headers },
    });
    this.socket.on('message', (text) => {
      const event = portalEvent.parse(JSON.parse(String(text)));
      if (event.type === 'authorisation') this.authorisations += 1;
      else if (event.type === 'request') this.requests += 1;
      else if (event.type === 'announcements') this.announcements += 1;
      else if (event.type === 'restore') this.restores.push(event);
      else if ('seq' in event) this.events.push(event);
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode ?? 0;
      response.destroy();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => (this.closed = { code, at: Date.now() }));
  }

  get last(): Numbered | undefined {
    return this.events.at(-1);
  }

  /** What a page would show: a snapshot replaces everything, changes come on top. Id → state. */
  get shown(): Record<string, string> {
    const shown: Record<string, string> = {};
    for (const event of this.events) {
      if (event.type === 'snapshot') {
        for (const id of Object.keys(shown)) delete shown[id];
        for (const { id, state } of event.instances) shown[id] = state;
      } else if (event.type === 'instance') {
        if (event.instance.state === 'DELETED') delete shown[event.instance.id];
        else shown[event.instance.id] = event.instance.state;
      }
    }
    return shown;
  }

  /** Numbers without a gap, from 1. */
  get isNumbered(): boolean {
    return this.events.every((event, i) => event.seq === i + 1);
  }
}
