import type { PortalEvent } from '@beamdesk/contracts';

/** A websocket that a spec drives; remembers every one that was opened. */
export class FakeSocket {
  static opened: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.opened.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    FakeSocket.opened.push(this);
  }

  close(): void {
    this.closed = true;
  }

  send(event: PortalEvent): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  sendRaw(data: unknown): void {
    this.onmessage?.({ data });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }
}

/** The value for the `OPEN_SOCKET` token. */
export function openFakeSocket(url: string): WebSocket {
  return new FakeSocket(url) as unknown as WebSocket;
}
