import { RedeemAnswer, RenewalAnswer } from '@beamdesk/contracts';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

/** One request the fake has had. */
export interface InternalCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** The portal's internal api on a loopback port: answers what a test told it to, and remembers what it was asked. */
export class FakeInternalApi {
  readonly calls: InternalCall[] = [];
  redeem: RedeemAnswer | ((ticket: string) => RedeemAnswer) = {
    action: 'refuse',
    status: 769,
    code: 'USED',
    message: '',
  };
  renewal: RenewalAnswer | number = { continue: true };
  openedStatus = 204;
  /** Bridges that listen for closings, latest last. */
  readonly listeners: ServerResponse[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(): Promise<FakeInternalApi> {
    const server = createServer();
    const fake = new FakeInternalApi(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  /** Calls whose path ends so. */
  callsTo(ending: string): InternalCall[] {
    return this.calls.filter(({ path }) => path.endsWith(ending));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/internal/closings')) {
      this.calls.push({ path: request.url, authorization: request.headers.authorization, body: {} });
      this.listeners.push(response.writeHead(200, { 'content-type': 'application/x-ndjson' }));
      response.write('\n');
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) {
      pieces.push(piece as Buffer);
    }
    const path = request.url ?? '';
    const body = JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>;
    this.calls.push({ path, authorization: request.headers.authorization, body });
    if (path === '/internal/tickets/redeem') {
      reply(response, typeof this.redeem === 'function' ? this.redeem(String(body['ticket'])) : this.redeem);
    } else if (path.endsWith('/renewal')) {
      reply(response, this.renewal);
    } else {
      response.writeHead(path.endsWith('/opened') ? this.openedStatus : 204).end();
    }
  }
}

function reply(response: ServerResponse, answer: object | number): void {
  if (typeof answer === 'number') {
    response.writeHead(answer).end();
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}
