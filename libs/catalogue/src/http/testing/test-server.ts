import { once } from 'node:events';
import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface GivenAnswer {
  status: number;
  text: string | Uint8Array;
  /** Default application/json. */
  type?: string;
  headers?: Record<string, string>;
}

/**
 * What a server or the network may do instead of answering. hang: nothing. cut: the connection ends within the answer.
 * trickle: one byte now and then. flood: an answer without end.
 */
export type Mischief = 'hang' | 'cut' | 'trickle' | 'flood' | GivenAnswer;

/** An HTTP server on a loopback port that remembers what it was asked, and misbehaves when told to. */
export class TestServer {
  readonly seen: SeenRequest[] = [];
  /** Asked before each answer; null: behave. */
  mischief: (request: SeenRequest) => Mischief | null = () => null;

  private constructor(
    private readonly server: Server,
    private readonly answer: (request: SeenRequest) => GivenAnswer,
  ) {}

  /** @param port 0: any free one */
  static async start(answer: (request: SeenRequest) => GivenAnswer, port = 0): Promise<TestServer> {
    const server = createServer();
    const made = new TestServer(server, answer);
    server.on('request', (request, response) => void made.serve(request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests so far whose path matches. */
  asked(path: RegExp, method?: string): SeenRequest[] {
    return this.seen.filter((r) => path.test(r.url.pathname) && (method === undefined || r.method === method));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? '/', this.url);
    const seen = { method: request.method ?? 'GET', url, headers: request.headers, body };
    this.seen.push(seen);
    const mischief = this.mischief(seen);
    if (mischief === 'hang') return;
    if (mischief === 'flood') return flood(response);
    const given = mischief === null || typeof mischief === 'string' ? this.answer(seen) : mischief;
    const bytes = Buffer.from(given.text);
    response.writeHead(given.status, {
      'Content-Type': given.type ?? 'application/json',
      'Content-Length': bytes.length,
      ...given.headers,
    });
    if (mischief === 'cut') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    else if (mischief === 'trickle') trickle(response, bytes);
    else response.end(bytes);
  }
}

function trickle(response: ServerResponse, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, ++at));
    if (at >= bytes.length) response.end();
  }, 20);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, '[');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
