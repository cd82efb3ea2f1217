import { WebSocket } from 'ws';
import type { InstanceState, InstanceView, PortalEvent } from '@beamdesk/contracts';

/** A change of an instance as it was pushed, and when it came, by `performance.now()`. */
export interface SeenChange {
  at: number;
  instance: InstanceView;
}

/** What the portal pushes to one person's page. */
export class EventStream {
  readonly changes: SeenChange[] = [];
  private readonly socket: WebSocket;
  private readonly waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString('utf8')) as PortalEvent;
      if (event.type === 'instance') this.changes.push({ at: performance.now(), instance: event.instance });
      this.waiting.forEach((look) => look());
    });
  }

  /** Resolves when the first message, the snapshot, came. */
  static open(url: string, cookie: string): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/events`, {
        headers: { Cookie: cookie },
        origin: url,
      });
      const stream = new EventStream(socket);
      socket.once('message', () => resolve(stream)).once('error', reject);
      socket.once('close', (code) => reject(new Error(`the event stream ended: ${code}`)));
    });
  }

  /** The first change of an instance to one of these states. @throws Error when it takes too long */
  reached(id: string, states: InstanceState[], withinMs: number): Promise<SeenChange> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${id} was not ${states.join(' or ')} within ${withinMs} ms`));
      }, withinMs);
      const look = () => {
        const found = this.changes.find(({ instance }) => instance.id === id && states.includes(instance.state));
        if (!found) return;
        end();
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  close(): void {
    this.socket.close();
  }
}
