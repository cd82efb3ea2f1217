import { IncomingMessage, request } from 'node:http';
import type { Config } from '../../config';

export interface InternalAnswer {
  status: number;
  body: unknown;
}

/** Asks the internal api as the bridge does. */
export class InternalClient {
  constructor(
    private readonly config: Config,
    private readonly secret = config.internal.secret.reveal(),
  ) {}

  async post(path: string, body: unknown): Promise<InternalAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.send('POST', path, text);
    const pieces: Buffer[] = [];
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
    const answer = Buffer.concat(pieces).toString('utf8');
    return { status: response.statusCode ?? 0, body: answer ? JSON.parse(answer) : null };
  }

  /** The stream of closings; `lines` grows, `close` ends it. */
  async closings(bridge: string): Promise<{ lines: unknown[]; close(): void }> {
    const response = await this.send('GET', `/internal/closings?bridge=${bridge}`);
    const lines: unknown[] = [];
    let rest = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      const parts = (rest + piece).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter(Boolean).map((line): unknown => JSON.parse(line)));
    });
    return { lines, close: () => response.destroy() };
  }

  private send(method: string, path: string, body?: string): Promise<IncomingMessage> {
    const { listen } = this.config.internal;
    const where = listen.kind === 'unix' ? { socketPath: listen.path } : { host: listen.host, port: listen.port };
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json' };
      const outgoing = request({ ...where, method, path, headers, agent: false }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
