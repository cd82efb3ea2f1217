import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on loopback that answers as the test says; what it was asked is kept. */
export class FileServer {
  readonly asked: { url: string; headers: IncomingMessage['headers'] }[] = [];
  answer: Answer = (_, response) => response.writeHead(404).end();
  private readonly server: Server;

  constructor(tls?: { key: string; cert: string }) {
    const serve: Answer = (request, response) => {
      this.asked.push({ url: request.url ?? '', headers: request.headers });
      this.answer(request, response);
    };
    this.server = tls ? createSecureServer(tls, serve) : createServer(serve);
  }

  /** On one address of loopback. @returns its port */
  async listen(address: string): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, address, resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Serves `content` as a file server does: with a mark and in parts. `cutAt` breaks a connection off after so many bytes (`held`: lets it hang). */
export function serving(content: Buffer, { cutAt, held, mark = '"a"' }: { cutAt?: () => number | null; held?: boolean; mark?: string | null } = {}): Answer {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = range && request.headers['if-range'] === mark ? Number(range[1]) : 0;
    const headers = { 'content-length': content.length - from, ...(mark === null ? {} : { etag: mark }) };
    const part = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from ? 206 : 200, from ? { ...headers, ...part } : headers);
    const cut = cutAt?.() ?? null;
    if (cut === null) response.end(content.subarray(from));
    else response.write(content.subarray(from, from + cut), () => held || response.destroy());
  };
}
