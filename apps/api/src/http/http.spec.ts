import { connect } from 'node:net';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, TestApp } from '../../test/app/test-app';

describe('http', () => {
  let portal: TestApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    portal = await createTestApp();
    ({ browser } = await portal.signedIn('ada'));
  });
  afterAll(() => portal?.close());

  const post = (body: string, headers: Record<string, string> = {}) => browser.send('POST', '/api/conditions/acceptance', body, headers);

  it.each([
    ['malformed JSON', '{"version":', {}, 400, 'BAD_REQUEST'],
    ['a body of the wrong type', '"x"', {}, 400, 'BAD_REQUEST'],
    ['a form', 'version=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', '{"version":"1"}', { 'Content-Type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['another charset', '{"version":"1"}', { 'Content-Type': 'application/json; charset=latin1' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a packed body', '{"version":"1"}', { 'Content-Encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body over 64 kB', JSON.stringify({ version: 'x'.repeat(65 * 1024) }), {}, 413, 'TOO_LARGE'],
    ['a poisoned body', '{"__proto__":{"version":"1"}}', {}, 400, 'BAD_REQUEST'],
  ])('answers %s with a stable code and a sentence', async (_what, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status, body: { code, message: expect.stringMatching(/^[A-Z].*\.$/), requestId: answer.headers.get('x-request-id') } });
  });

  it('says where the input is wrong', async () => {
    expect((await post('{"version":7,"x":1}')).body).toMatchObject({
      details: { issues: [{ path: 'version', message: expect.any(String) }, { path: '', message: expect.any(String) }] },
    });
  });

  it.each(['/api/nothing', '/api/', '/api/sessions', '/', '/api', '/x/../api/nothing', '/.env'])('answers %s with 404', async (path) => {
    expect(await browser.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it.each(['/api/proposals/%E0%A4%A', '/api/proposals/%00', '/api/instances/not-a-uuid', "/api/instances/'%20OR%201=1"])(
    'answers the malformed %s with a 4xx and no stack',
    async (path) => {
      const answer = await browser.get(path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.body).toMatchObject({ code: expect.stringMatching(/^(BAD_REQUEST|NOT_FOUND)$/) });
      expect(answer.text).not.toMatch(/node_modules|at .*\.ts/);
    },
  );

  it('forbids pages, frames, sniffing, caching and other origins', async () => {
    const { headers } = await browser.get('/api/session');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('tells other sites nothing at a preflight', async () => {
    const answer = await browser.request('OPTIONS', '/api/conditions/acceptance', undefined, {
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
    });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('takes no request id from outside', async () => {
    const answer = await browser.request('GET', '/api/session', undefined, { 'X-Request-Id': 'forged' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers a foreign Host with 421, and health under any', async () => {
    const { port } = portal.config.listen;
    const ask = (path: string) =>
      new Promise<string>((done) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n`));
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => done(text));
      });
    expect(await ask('/api/session')).toMatch(/^HTTP\/1.1 421 [\s\S]*"code":"WRONG_HOST"/);
    expect(await ask('/api/health')).toMatch(/^HTTP\/1.1 200 [\s\S]*{"status":"ok"}/);
    expect(await ask('/api/ready')).toMatch(/^HTTP\/1.1 200 /);
  });

  it('describes every body by name in openapi.json', async () => {
    const { body } = await browser.get('/api/openapi.json');
    const { components, openapi } = body as { openapi: string; components: { schemas: Record<string, unknown> } };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['LoginSession', 'Conditions', 'AcceptConditions', 'ErrorBody']));
  });

  it('describes errors and the token of every route in openapi.json', async () => {
    const { body } = await browser.get('/api/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, { responses: Record<string, unknown>; security: object[] }>> };
    for (const [path, verbs] of Object.entries(paths)) {
      for (const [verb, { responses, security }] of Object.entries(verbs)) {
        expect({ path, verb, error: JSON.stringify(responses['default']) }).toMatchObject({ error: expect.stringContaining('ErrorBody') });
        expect({ path, verb, csrf: JSON.stringify(security).includes('csrf') }).toEqual({ path, verb, csrf: verb !== 'get' });
      }
    }
  });
});
