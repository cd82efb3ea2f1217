import { Browser } from 'playwright-core';
import { WebSocket } from 'ws';
import type { ErrorBody, InstanceView, ProposalView, TicketView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(300_000);

describe('bad input', () => {
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let bo: Visitor;
  let proposal: ProposalView;
  let desktop: InstanceView;

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    bo = await (await Visitor.arrive(browser, installation)).signIn('bo');
    proposal = (await ada.proposals('?search=20260301')).items[0] as ProposalView;
    await ada.send('PUT', `/api/proposals/${proposal.key}/services/desktop`, {});
    desktop = await until(
      async () => (await ada.instances()).find(({ state }) => state === 'READY'),
      120_000,
      () => 'READY',
    );
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
  const launchPath = (key: string) => `/api/proposals/${key}/services/desktop`;

  it.each<[string, Method, string, unknown, number, string]>([
    ['an unknown proposal', 'PUT', launchPath('demo:Lumina:99999999'), {}, 404, 'NOT_FOUND'],
    ['a malformed key', 'PUT', launchPath('%2e%2e%2f'), {}, 400, 'BAD_REQUEST'],
    ['a key with a NUL', 'PUT', launchPath('demo%00'), {}, 400, 'BAD_REQUEST'],
    ['an endless key', 'GET', `/api/proposals/${'a'.repeat(3000)}`, undefined, 404, 'NOT_FOUND'],
    ['a malformed instance id', 'GET', '/api/instances/1%20OR%201=1', undefined, 400, 'BAD_REQUEST'],
    ['an unknown instance', 'POST', '/api/instances/00000000-0000-4000-8000-000000000000/stop', undefined, 404, 'NOT_FOUND'],
    ['an unknown route', 'GET', '/api/nothing/here', undefined, 404, 'NOT_FOUND'],
    ['a negative offset', 'GET', '/api/proposals?offset=-1', undefined, 400, 'BAD_REQUEST'],
    ['a limit beyond reason', 'GET', '/api/proposals?limit=100000', undefined, 400, 'BAD_REQUEST'],
    ['a repeated parameter', 'GET', '/api/proposals?sort=name&sort=title', undefined, 400, 'BAD_REQUEST'],
    ['a wrong type', 'POST', '/api/conditions/acceptance', { version: 7 }, 400, 'BAD_REQUEST'],
    ['an unknown property', 'POST', '/api/conditions/acceptance', { version: '1', admin: true }, 400, 'BAD_REQUEST'],
    ['an oversize body', 'POST', '/api/conditions/acceptance', { version: 'x'.repeat(200_000) }, 413, 'TOO_LARGE'],
  ])('%s: a 4xx with a stable code and a sentence', async (_name, method, path, data, status, code) => {
    const answer = method === 'GET' ? await ada.request.get(path) : await ada.send(method, path, data);
    const body = (await answer.json()) as ErrorBody;
    expect({ status: answer.status(), code: body.code }).toEqual({ status, code });
    expect(body.message).toMatch(/^[A-Z].{8,}[.!?]$/s);
    expect(JSON.stringify(body)).not.toMatch(/at \S+ \(|node_modules|SELECT /);
  });

  it('a body that is not JSON, or not said to be', async () => {
    const { csrfToken } = await ada.session();
    const headers = { 'X-CSRF-Token': csrfToken, Origin: installation.url };
    const path = '/api/conditions/acceptance';
    const broken = await ada.request.post(path, { headers: { ...headers, 'Content-Type': 'application/json' }, data: '{"a":' });
    expect([broken.status(), ((await broken.json()) as ErrorBody).code]).toEqual([400, 'BAD_REQUEST']);
    const text = await ada.request.post(path, { headers: { ...headers, 'Content-Type': 'text/plain' }, data: 'version=1' });
    expect([text.status(), ((await text.json()) as ErrorBody).code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('a request from another site, or without the token', async () => {
    const { csrfToken } = await ada.session();
    const path = launchPath(proposal.key);
    const foreign = await ada.request.put(path, { headers: { 'X-CSRF-Token': csrfToken, Origin: 'https://evil.example' }, data: {} });
    expect([foreign.status(), ((await foreign.json()) as ErrorBody).code]).toEqual([403, 'WRONG_ORIGIN']);
    const bare = await ada.request.put(path, { headers: { Origin: installation.url }, data: {} });
    expect([bare.status(), ((await bare.json()) as ErrorBody).code]).toEqual([403, 'CSRF']);
  });

  it('an expired login session', async () => {
    const gone = await (await Visitor.arrive(browser, installation)).signIn('ada');
    const kept = (await gone.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    expect((await gone.send('POST', '/api/auth/sign-out')).status()).toBe(200);
    const answer = await fetch(`${installation.url}/api/proposals`, { headers: { Cookie: kept } });
    expect([answer.status, ((await answer.json()) as ErrorBody).code]).toEqual([401, 'NOT_SIGNED_IN']);
  });

  /** Opens a desktop websocket as a program would, and tells how the bridge ended it. */
  const knock = async (query: string, who: Visitor | null, origin = installation.url): Promise<{ code: number; reason: string }> => {
    const cookies = who ? (await who.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') : '';
    return new Promise((ended) => {
      const socket = new WebSocket(`${installation.url.replace('http', 'ws')}/desktop${query}`, 'guacamole', {
        headers: { Cookie: cookies },
        origin,
      });
      socket.on('close', (code, reason) => ended({ code, reason: reason.toString() }));
      socket.on('unexpected-response', (_request, response) => ended({ code: response.statusCode ?? 0, reason: 'http' }));
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        if (/^4\.sync|;4\.sync/.test(data.toString())) {
          socket.removeAllListeners('close');
          socket.close();
          ended({ code: 0, reason: 'open' });
        }
      });
    });
  };
  const ticket = async () =>
    ((await (await ada.send('POST', `/api/instances/${desktop.id}/tickets`)).json()) as TicketView).ticket;

  it('a websocket without ticket, with a used one, with somebody else’s, or from another origin', async () => {
    expect(await knock('', ada)).toEqual({ code: 1008, reason: '769' });
    expect(await knock('?ticket=invented', ada)).toEqual({ code: 1008, reason: '769' });
    const once = await ticket();
    expect(await knock(`?ticket=${once}`, ada)).toEqual({ code: 0, reason: 'open' });
    expect(await knock(`?ticket=${once}`, ada)).toEqual({ code: 1008, reason: '769' });
    expect(await knock(`?ticket=${await ticket()}`, bo)).toEqual({ code: 1008, reason: '769' });
    expect(await knock(`?ticket=${await ticket()}`, null)).toEqual({ code: 1008, reason: '769' });
    const foreign = await knock(`?ticket=${await ticket()}`, ada, 'https://evil.example');
    expect([403, 1008]).toContain(foreign.code);
  });

  it('has created nothing', async () => {
    expect((await ada.instances()).map(({ id }) => id)).toEqual([desktop.id]);
    expect(await bo.instances()).toEqual([]);
    expect(installation.machinePids()).toHaveLength(1);
  });
});
