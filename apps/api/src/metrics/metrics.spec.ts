import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { InstanceView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('what operators ask of the api', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let operations: string;
  const written: string[] = [];

  beforeAll(async () => {
    operations = `127.0.0.1:${await freePort()}`;
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
    house = await createDesktopApp({ worker: true, env: { METRICS_LISTEN: operations, LOG_LEVEL: 'info' } });
    ({ browser: ada } = await house.signedIn('ada'));
  });
  afterAll(async () => {
    await house.close();
    jest.restoreAllMocks();
  });

  const ask = async (path: string) => {
    const answer = await fetch(`http://${operations}${path}`);
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const metrics = async () => (await ask('/metrics')).text;

  async function until<T>(look: () => Promise<T>, good: (seen: T) => boolean): Promise<T> {
    for (const end = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const seen = await look();
      if (good(seen) || Date.now() > end) return seen;
    }
  }

  async function launched(name: string): Promise<{ id: string; requestId: string; key: string }> {
    const key = house.proposal(name, ['ada']);
    const { csrfToken } = (await ada.get('/api/session')).body as { csrfToken: string };
    const headers = { Origin: ada.portal, 'X-CSRF-Token': csrfToken };
    const answer = await ada.request('PUT', `/api/proposals/${key}/services/desktop`, {}, headers);
    return { id: (answer.body as InstanceView).id, requestId: answer.headers.get('x-request-id') ?? '', key };
  }
  const ready = (id: string) =>
    until(
      async () => (await ada.get(`/api/instances/${id}`)).body as InstanceView,
      ({ state }) => state === 'READY',
    );

  it('counts launches, answers by pattern, refusals, desktops by state, and hosts', async () => {
    const { id, key } = await launched('p-metrics');
    expect((await ready(id)).state).toBe('READY');
    const other = await launched('p-metrics-2');
    await ready(other.id);
    await launched('p-metrics-3');
    const text = await until(metrics, (seen) => /outcome="ready"\} 2/.test(seen));
    expect(text).toMatch(/^beamdesk_launches_total\{path="(cold|clone|none)",outcome="ready"\} 2$/m);
    expect(text).toMatch(/^beamdesk_launch_seconds_count\{path="(cold|clone|none)"\} 2$/m);
    const put = 'method="PUT",route="/api/proposals/:key/services/desktop"';
    expect(text).toContain(`beamdesk_http_request_seconds_count{${put},status="2xx"} 2\n`);
    expect(text).toContain(`beamdesk_http_request_seconds_count{${put},status="4xx"} 1\n`);
    expect(text).toContain('beamdesk_refusals_total{code="QUOTA_EXCEEDED"} 1\n');
    expect(text).toContain('beamdesk_quota_refusals_total{resource="machines"} 1\n');
    expect(text).toContain('beamdesk_instances{state="READY"} 2\n');
    expect(text).toContain('beamdesk_host_desktops{host="local"} 2\n');
    expect(text).toContain('beamdesk_host_up{host="local"} 1\n');
    expect(text).toContain('beamdesk_database_up 1\n');
    expect(text).toMatch(/^beamdesk_api_process_cpu_seconds_total /m);
    for (const secret of [id, key, 'ada', 'p-metrics']) expect(text).not.toContain(secret);
    const names = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
    expect(names.filter((name) => !name.startsWith('beamdesk_'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('answers on a listener of its own and nowhere else', async () => {
    expect((await ask('/metrics')).type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await ask('/health')).text).toBe('{"status":"ok"}');
    expect((await ask('/api/session')).status).toBe(404);
    for (const path of ['/metrics', '/api/metrics']) expect((await ada.get(path)).status).toBe(404);
  });

  it('is ready with all its parts, and names the one that is not, on both listeners', async () => {
    const { dataSource } = house.api;
    const both = async () => [await ask('/ready'), await ada.get('/api/ready')] as const;
    const [good, open] = await both();
    expect([good.status, JSON.parse(good.text), open.status, open.body]).toEqual([
      ...[200, { status: 'ok', parts: { database: 'ok', migrations: 'ok', worker: 'ok' } }],
      ...[200, { status: 'ok' }],
    ]);
    const [gone] = await dataSource.query<object[]>('DELETE FROM migration WHERE id = (SELECT max(id) FROM migration) RETURNING *');
    const [bad, closed] = await both();
    expect([bad.status, JSON.parse(bad.text).parts, closed.status]).toEqual([
      ...[503, { database: 'ok', migrations: 'missing', worker: 'ok' }, 503],
    ]);
    expect(closed.body).toMatchObject({ code: 'NOT_READY', details: { parts: { migrations: 'missing' } } });
    expect(gone).toBeDefined();
  });

  it('writes one id of a click in the lines of the request and of the worker', async () => {
    const lines = () => written.join('').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const clicks = lines().filter(({ req }) => req?.method === 'PUT' && String(req.path).includes('p-metrics'));
    const id = clicks[0].requestId;
    const told = lines().filter(({ requestId }) => requestId === id);
    expect(told.some(({ context, msg }) => context === 'Reconciler' && String(msg).includes('READY'))).toBe(true);
    expect(told.some(({ res }) => res?.status === 200)).toBe(true);
  });
});
