import { redeemRequest, renewalRequest, sessionClosed, sessionOpened } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Redeemer } from '../sessions/redeemer';
import { SessionLife } from '../sessions/session-life';

/** Status 204 without a body. */
export const DONE = Symbol('done');
/** Status 404. */
export const UNKNOWN = Symbol('unknown');

/** One POST route of the internal api; `handle` throws ZodError for a malformed body. */
interface Route {
  path: RegExp;
  handle(body: unknown, id: string): Promise<object | typeof DONE | typeof UNKNOWN>;
}

const sessionPath = (event: string): RegExp => new RegExp(`^/internal/sessions/([^/]+)/${event}$`);

/** What the bridge may ask, as in contracts/internal.ts. */
@Injectable()
export class InternalRoutes {
  private readonly routes: Route[];

  constructor(redeemer: Redeemer, life: SessionLife) {
    const done = (known: boolean) => (known ? DONE : UNKNOWN);
    this.routes = [
      { path: /^\/internal\/tickets\/redeem$/, handle: (body) => redeemer.redeem(redeemRequest.parse(body)) },
      {
        path: sessionPath('opened'),
        handle: async (body, id) => done(await life.opened(id, sessionOpened.parse(body))),
      },
      {
        path: sessionPath('closed'),
        handle: async (body, id) => done(await life.closed(id, sessionClosed.parse(body))),
      },
      {
        path: sessionPath('renewal'),
        handle: async (body, id) => (await life.renew(id, renewalRequest.parse(body))) ?? UNKNOWN,
      },
    ];
  }

  async post(path: string, body: unknown): Promise<object | typeof DONE | typeof UNKNOWN> {
    for (const { path: pattern, handle } of this.routes) {
      const match = pattern.exec(path);
      if (!match) continue;
      const id = match[1] ?? '';
      return id === '' || z.uuid().safeParse(id).success ? handle(body, id) : UNKNOWN;
    }
    return UNKNOWN;
  }
}
