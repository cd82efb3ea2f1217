import { createHash, timingSafeEqual } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config';
import { Closings } from '../sessions/closings';
import { DONE, InternalRoutes, UNKNOWN } from './internal-routes';

const LARGEST_BODY = 64 * 1024;
const KEEP_ALIVE_MS = 10_000;
/** Requests under way get this long when the process ends. */
const LAST_ANSWERS_MS = 2_000;
/** The socket belongs to the api's user; the bridge comes in by the group. */
const SOCKET_MODE = 0o660;

/** An answer that is only a status. */
class Refused extends Error {
  constructor(readonly status: number) {
    super(`answered ${status}`);
  }
}

/** A server of its own for the bridge: a unix socket or loopback port that no browser and no front reaches. */
@Injectable()
export class InternalServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Internal');
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private readonly streams = new Set<ServerResponse>();
  private readonly secretDigest: Buffer;

  constructor(
    private readonly config: Config,
    private readonly routes: InternalRoutes,
    private readonly closings: Closings,
  ) {
    this.secretDigest = digest(config.internal.secret.reveal());
  }

  async onApplicationBootstrap(): Promise<void> {
    const { listen } = this.config.internal;
    // A socket that a killed process left behind would refuse everybody.
    if (listen.kind === 'unix') await rm(listen.path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      const listening = () => {
        this.server.off('error', reject);
        resolve();
      };
      if (listen.kind === 'unix') this.server.listen(listen.path, listening);
      else this.server.listen(listen.port, listen.host, listening);
    });
    if (listen.kind === 'unix') await chmod(listen.path, SOCKET_MODE);
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const stream of this.streams) stream.end();
    await new Promise<void>((closed) => {
      this.server.close(() => closed());
      this.server.closeIdleConnections();
      setTimeout(() => this.server.closeAllConnections(), LAST_ANSWERS_MS).unref();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.isBridge(request)) throw new Refused(401);
      const url = new URL(request.url ?? '/', 'http://internal');
      if (request.method === 'GET' && url.pathname === '/internal/closings') {
        this.stream(url.searchParams.get('bridge'), response);
        return;
      }
      if (request.method !== 'POST') throw new Refused(405);
      const answer = await this.routes.post(url.pathname, await readJson(request));
      if (answer === UNKNOWN) throw new Refused(404);
      if (answer === DONE) response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      this.refuse(request, response, error);
    }
  }

  private refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const status = error instanceof Refused ? error.status : error instanceof z.ZodError ? 400 : 500;
    const path = request.url?.split('?', 1)[0];
    if (status === 500) this.logger.error(`${request.method} ${path}: ${String(error)}`);
    else this.logger.warn(`${request.method} ${path}: ${status}`);
    response.writeHead(status, { connection: 'close', 'content-length': 0 }).end();
  }

  private isBridge({ headers }: IncomingMessage): boolean {
    const [scheme, secret] = headers.authorization?.split(' ', 2) ?? [];
    // Digests are equally long whatever was sent, so that the comparison tells nothing.
    return scheme === 'Bearer' && timingSafeEqual(digest(secret ?? ''), this.secretDigest);
  }

  private stream(bridge: string | null, response: ServerResponse): void {
    if (!bridge || bridge.length > 100) throw new Refused(400);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('\n');
    const stop = this.closings.listen(bridge, (closing) => response.write(`${JSON.stringify(closing)}\n`));
    const timer = setInterval(() => response.write('\n'), KEEP_ALIVE_MS);
    this.streams.add(response);
    response.on('close', () => {
      stop();
      clearInterval(timer);
      this.streams.delete(response);
    });
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST_BODY) throw new Refused(413);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new Refused(400);
  }
}
