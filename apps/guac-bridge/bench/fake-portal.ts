import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The portal's internal api for benchmarks: says yes to everything. Its consoles are RDP, where guacd is all there is. */
export class BenchPortal {
  private readonly server: Server;

  private constructor(consolePort: number) {
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) =>
      answer(request, response, consolePort),
    );
  }

  /** `consolePort` accepts connections: the bridge tries it before it asks guacd. */
  static async start(consolePort: number): Promise<BenchPortal> {
    const portal = new BenchPortal(consolePort);
    await new Promise<void>((resolve) => portal.server.listen(0, '127.0.0.1', resolve));
    return portal;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function answer(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { url = '' } = request;
  request.resume();
  if (url.startsWith('/internal/closings')) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('\n');
  } else if (url === '/internal/tickets/redeem') {
    const session = { sessionId: randomUUID(), readOnly: false, userName: 'Bench' };
    const target = { protocol: 'rdp', host: '127.0.0.1', port, parameters: { password: 'bench' } };
    response.end(JSON.stringify({ action: 'connect', ...session, ...target }));
  } else if (url.endsWith('/renewal')) {
    response.end(JSON.stringify({ continue: true }));
  } else {
    response.writeHead(204).end();
  }
}
