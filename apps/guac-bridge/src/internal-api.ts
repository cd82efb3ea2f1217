import { Agent, ClientRequest, IncomingMessage, request } from 'node:http';
import { InternalAddress } from './settings';

const LARGEST_ANSWER = 256 * 1024;
const MAX_SOCKETS = 32;

/** The internal api gave no usable answer: it is away (`status` null) or answered with an HTTP error. */
export class InternalApiError extends Error {
  constructor(
    message: string,
    readonly status: number | null,
  ) {
    super(message);
    this.name = 'InternalApiError';
  }
}

/** Posts JSON to the internal api of the portal, over its unix socket or loopback port, with the shared secret. */
export class InternalApi {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });

  constructor(
    private readonly address: InternalAddress,
    private readonly secret: string,
    private readonly timeoutMs: number,
  ) {}

  /** The parsed answer (`undefined` for an empty one). Throws InternalApiError; its message holds nothing secret. */
  async post(path: string, body: unknown): Promise<unknown> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const { status, text } = await this.exchange(path, JSON.stringify(body), signal);
      if (status < 200 || status > 299) {
        throw new InternalApiError(`the internal api answered ${status}`, status);
      }
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      if (error instanceof InternalApiError) {
        throw error;
      }
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no JSON';
      throw new InternalApiError(`the internal api did not answer: ${code}`, null);
    }
  }

  /** Closes idle connections. */
  close(): void {
    this.agent.destroy();
  }

  private exchange(path: string, body: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = request(
        {
          ...this.address,
          path,
          method: 'POST',
          agent: this.agent,
          signal,
          headers: {
            authorization: `Bearer ${this.secret}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (answer) => readText(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject),
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    size += (piece as Buffer).length;
    if (size > LARGEST_ANSWER) {
      throw new InternalApiError('the internal api answered too much', null);
    }
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}
