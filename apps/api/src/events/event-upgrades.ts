import { IncomingMessage, Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocket, WebSocketServer } from 'ws';
import { LoginSessions } from '../auth';
import { Config } from '../config';
import { closeCodeFor, EventHub } from './event-hub';
import { EventSocket } from './event-socket';
import { WaitingRoom } from './waiting-room';

/** Tabs say nothing on this socket. */
const LARGEST_MESSAGE = 1024;
const SERVER_ERROR = 1011;

/**
 * `GET /api/events`: takes the upgrade of a page of ours whose login session is good for everything, or, with
 * `?about=authorisation`, of anybody who is signed in. A refusal is a close
 * code, because a browser hides the status of a failed upgrade; only a foreign page gets nothing but an HTTP error.
 */
@Injectable()
export class EventUpgrades implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Events');
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  private server: Server | null = null;
  private readonly listener = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    this.upgrade(request, socket, head);

  constructor(
    private readonly config: Config,
    private readonly adapter: HttpAdapterHost,
    private readonly loginSessions: LoginSessions,
    private readonly hub: EventHub,
    private readonly waiting: WaitingRoom,
  ) {}

  onApplicationBootstrap(): void {
    this.server = this.adapter.httpAdapter.getHttpServer() as Server;
    this.server.on('upgrade', this.listener);
  }

  beforeApplicationShutdown(): void {
    this.server?.off('upgrade', this.listener);
    this.webSockets.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const status = this.refusalStatus(request);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => void this.accept(webSocket, request));
  }

  private refusalStatus(request: IncomingMessage): number | null {
    if (request.url?.split('?', 1)[0] !== '/api/events') return 404;
    if (request.headers.host !== this.config.publicUrl.host) return 421;
    return request.headers.origin === this.config.publicUrl.origin ? null : 403;
  }

  private async accept(webSocket: WebSocket, request: IncomingMessage): Promise<void> {
    webSocket.on('error', (error) => this.logger.debug(`socket: ${error.message}`));
    try {
      if (isAboutAuthorisation(request.url)) return await this.wait(webSocket, request);
      const { person, refusal } = await this.loginSessions.resolve(request.headers.cookie);
      if (refusal) {
        webSocket.close(closeCodeFor(refusal), refusal);
        return;
      }
      const socket = new EventSocket(webSocket, person.loginSid);
      webSocket.on('pong', () => socket.pong());
      webSocket.on('close', () => this.hub.leave(socket, person));
      if (socket.open) this.hub.join(socket, person);
    } catch (error) {
      this.logger.warn(`cannot open a socket: ${String(error)}`);
      webSocket.close(SERVER_ERROR, 'INTERNAL');
    }
  }

  /** Of somebody who is signed in, and perhaps let into nothing. */
  private async wait(webSocket: WebSocket, request: IncomingMessage): Promise<void> {
    const login = await this.loginSessions.signedIn(request.headers.cookie);
    if (login) this.waiting.join(webSocket, login);
    else webSocket.close(closeCodeFor('NOT_SIGNED_IN'), 'NOT_SIGNED_IN');
  }
}

function isAboutAuthorisation(url: string | undefined): boolean {
  return new URLSearchParams(url?.split('?')[1]).get('about') === 'authorisation';
}
