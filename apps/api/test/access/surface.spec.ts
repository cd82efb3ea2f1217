import { request } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { EVENTS_CLOSE } from '@beamdesk/contracts';
import { EventTab } from '../../src/events/testing/event-tab';
import { until } from '../../src/events/testing/until';
import { InternalRoutes } from '../../src/internal/internal-routes';
import { type Caller, CALLERS, perCaller } from './callers';
import { AccessHouse } from './house';

jest.setTimeout(120_000);

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** Where middleware of modules hangs (the log of requests), which passes every request on. */
const MIDDLEWARE = '/api{/*splat}';

/** Every route that express answers, by openapi's spelling. */
function registered(app: NestExpressApplication): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route && route.path !== MIDDLEWARE
      ? Object.keys(route.methods).map((verb) => `${verb.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
      : [],
  );
}

describe('all that can be reached', () => {
  let house: AccessHouse;

  beforeAll(async () => {
    house = await AccessHouse.open();
  });
  afterAll(() => house?.close());

  it('by HTTP is what openapi.json lists, and itself', async () => {
    const { body } = await house.browser('nobody').get('/api/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    const listed = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    expect(registered(house.desktops.api.app).sort()).toEqual([...listed, 'GET /api/openapi.json'].sort());
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'has nothing behind other paths: %s',
    async (verb) => {
      const headers = { Origin: house.desktops.api.url, 'X-CSRF-Token': house.people.admin.csrfToken };
      for (const path of ['/api', '/api/', '/api/nothing', '/api/v1/session', '/', '/metrics', '/api/internal']) {
        const { status } = await house.browser('admin').request(verb, path, undefined, headers);
        expect({ verb, path, status }).toEqual({ verb, path, status: 404 });
      }
    },
  );

  it.each([...CALLERS])('includes openapi.json for %s', async (caller) => {
    expect((await house.browser(caller).get('/api/openapi.json')).status).toBe(200);
  });

  describe('by websocket', () => {
    const { SIGNED_OUT, FORBIDDEN } = EVENTS_CLOSE;
    const names: Record<string, string | number> = { out: SIGNED_OUT, no: FORBIDDEN, in: 'open' };

    it.each([
      // nobody unauthorised unaccepted | stranger team | owner user guest supporter | staff otherStaff support admin
      ['', 'out no no in in in in in in in in in in'],
      ['?about=authorisation', 'out in in in in in in in in in in in in'],
    ])('is /api/events%s', async (query, line) => {
      const expected = perCaller(line);
      const seen: Partial<Record<Caller, string | number>> = {};
      for (const caller of CALLERS) {
        const tab = new EventTab(house.desktops.api.url, house.browser(caller).cookies(), {}, query);
        seen[caller] = await until(() => (tab.last || tab.authorisations > 0 ? 'open' : tab.closed?.code));
        tab.socket.close();
        await until(() => tab.closed);
      }
      expect(seen).toEqual(Object.fromEntries(CALLERS.map((caller) => [caller, names[expected[caller]]])));
    });

    it('shows the desktop to its members alone', async () => {
      const seen: Caller[] = [];
      for (const caller of CALLERS.filter((one) => !['nobody', 'unauthorised', 'unaccepted'].includes(one))) {
        const tab = new EventTab(house.desktops.api.url, house.browser(caller).cookies());
        await until(() => tab.last?.type === 'snapshot');
        if (Object.keys(tab.shown).includes(house.things.desktop)) seen.push(caller);
        tab.socket.close();
        await until(() => tab.closed);
      }
      expect(seen).toEqual(['owner', 'user', 'guest', 'supporter']);
    });

    it('is not for pages of others, whoever is signed in', async () => {
      const headers = { Origin: 'https://evil.example' };
      const tab = new EventTab(house.desktops.api.url, house.browser('admin').cookies(), headers);
      expect(await until(() => tab.refused)).toBe(403);
    });
  });

  describe('leaves out what is internal:', () => {
    const id = '7f1b0f4e-6b8a-4a53-9a0e-000000000000';
    const paths = [
      '/internal/tickets/redeem',
      `/internal/sessions/${id}/opened`,
      `/internal/sessions/${id}/closed`,
      `/internal/sessions/${id}/renewal`,
    ];

    it('these are all of them', () => {
      const routes = house.desktops.api.app.get(InternalRoutes)['routes'];
      expect(routes.map(({ path }) => paths.filter((one) => path.test(one)).length)).toEqual(paths.map(() => 1));
    });

    /** With everything that any listener of ours asks for. */
    const ask = (method: string, path: string, more: Record<string, string> = {}): Promise<number> => {
      const { url, config } = house.desktops.api;
      const { csrfToken } = house.people.admin;
      const headers = {
        Authorization: `Bearer ${config.internal.secret.reveal()}`,
        Cookie: house.browser('admin').cookies(),
        Origin: url,
        'X-CSRF-Token': csrfToken,
        'Content-Type': 'application/json',
        ...more,
      };
      return new Promise((resolve, reject) => {
        const { host } = new URL(url);
        const asked = request(url, { method, path, headers: { Host: host, ...headers }, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        asked.on('error', reject);
        asked.end(method === 'POST' ? '{}' : undefined);
      });
    };

    it.each([...paths.map((path) => ['POST', path]), ['GET', '/internal/closings?bridge=b1']])(
      '%s %s',
      async (method, path) => {
        const ways = [
          path,
          `/api${path}`,
          `/api/..${path}`,
          `/api/%2e%2e${path}`,
          `//api${path}`,
          path.replace('/', '//'),
        ];
        expect(await Promise.all(ways.map((way) => ask(method, way)))).toEqual(ways.map(() => 404));
        // Of a websocket, the same.
        const upgrade = {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'x',
        };
        expect(await ask('GET', path, upgrade)).toBe(404);
      },
    );
  });
});
