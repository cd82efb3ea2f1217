import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { Config } from '../config';
import { Readiness } from '../health/readiness';
import { registry } from './figures';
import { SiteFigures } from './site-figures';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * What operators ask: `/metrics`, `/health`, `/ready`, on a listener of its own, which no front hands on. Holds nothing of a
 * user's: no names of people, proposals or desktops.
 */
@Injectable()
export class OperationsServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Operations');
  private readonly server: Server;

  constructor(
    private readonly config: Config,
    private readonly site: SiteFigures,
    private readonly readiness: Readiness,
  ) {
    const limits = { headersTimeout: 10_000, requestTimeout: 10_000 };
    this.server = createServer(limits, (request, response) => void this.answer(request, response));
  }

  async onApplicationBootstrap(): Promise<void> {
    const { metricsListen } = this.config;
    if (!metricsListen) return;
    collectDefaultMetrics({ register: registry, prefix: 'beamdesk_api_' });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(metricsListen.port, metricsListen.host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((closed) => {
      this.server.close(() => closed());
      this.server.closeAllConnections();
    });
    registry.clear();
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    try {
      if (method !== 'GET' && method !== 'HEAD') send(405, TEXT, '');
      else if (url === '/metrics') send(200, TEXT, `${await registry.metrics()}${await this.site.text()}`);
      else if (url === '/health') send(200, 'application/json', JSON.stringify({ status: 'ok' }));
      else if (url === '/ready') {
        const state = await this.readiness.look();
        send(state.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(state));
      } else send(404, TEXT, '');
    } catch (error) {
      this.logger.error(`${url}: ${String(error)}`);
      send(500, TEXT, '');
    }
  }
}
