import { CatalogueUnavailable } from '../errors';
import { CatalogueHttp, HttpRequest } from './catalogue-http';
import { GivenAnswer, TestServer } from './testing/test-server';
import { logText } from './unavailable';

describe('CatalogueHttp', () => {
  let server: TestServer;
  let answer: GivenAnswer;
  beforeAll(async () => {
    server = await TestServer.start(() => answer);
  });
  beforeEach(() => {
    answer = { status: 200, text: '{}' };
    server.seen.length = 0;
  });
  afterAll(() => server.close());

  const limits = { timeoutMs: 5000, maxBytes: 1000, maxUrl: 200 };
  const send = (request: HttpRequest) => new CatalogueHttp(`${server.url}/base//`, limits).send(request);
  const fault = async (request: HttpRequest): Promise<CatalogueUnavailable> => {
    const error = await send(request).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CatalogueUnavailable);
    return error as CatalogueUnavailable;
  };

  it('sends forms, JSON and tokens where they belong', async () => {
    await send({ path: 'a b', query: { q: "x' & y=1" } });
    await send({ method: 'POST', path: 'form', form: { json: '{"a":"ü&="}' } });
    await send({ method: 'POST', path: 'json', json: { a: 'ü' }, bearer: 'T' });
    const [get, form, json] = server.seen;
    expect([get?.url.pathname, get?.url.searchParams.get('q'), get?.headers.authorization]).toEqual([
      '/base/a%20b',
      "x' & y=1",
      undefined,
    ]);
    expect([form?.headers['content-type'], new URLSearchParams(form?.body).get('json')]).toEqual([
      expect.stringContaining('application/x-www-form-urlencoded'),
      '{"a":"ü&="}',
    ]);
    expect([json?.headers['content-type'], json?.body, json?.headers.authorization]).toEqual([
      'application/json',
      '{"a":"ü"}',
      'Bearer T',
    ]);
  });

  it.each([204, 400, 403, 404, 412, 500, 503])('takes %i for an answer', async (status) => {
    answer = { status, text: '' };
    expect(await send({ path: 'x' })).toEqual({ status, text: '' });
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no %i, and says where it led without what may be secret',
    async (status) => {
      answer = { status, text: '', headers: { Location: 'https://elsewhere.example/in?token=hunter2#hunter2' } };
      const { reason, detail } = await fault({
        method: 'POST',
        path: 'x',
        form: { password: 'hunter2' },
        bearer: 'hunter2',
      });
      expect(reason).toBe('refused');
      expect(detail).toContain('https://elsewhere.example/in');
      expect(detail).not.toContain('hunter2');
      expect(server.seen).toHaveLength(1);
    },
  );

  it('reads up to its limit and not a byte more', async () => {
    answer = { status: 200, text: 'x'.repeat(1000) };
    expect((await send({ path: 'x' })).text).toHaveLength(1000);
    answer = { status: 200, text: 'x'.repeat(1001) };
    expect((await fault({ path: 'x' })).reason).toBe('malformed');
  });

  it('takes UTF-8 only', async () => {
    answer = { status: 200, text: 'Müller' };
    expect((await send({ path: 'x' })).text).toBe('Müller');
    answer = { status: 200, text: Uint8Array.from([0x4d, 0xfc, 0x6c]), type: 'application/json; charset=latin1' };
    expect(await fault({ path: 'x' })).toMatchObject({ reason: 'malformed', detail: expect.stringContaining('UTF-8') });
  });

  it('asks nothing with a URL that would be cut', async () => {
    const { reason, detail } = await fault({ path: 'x', query: { secret: 'y'.repeat(200) } });
    expect([reason, detail.includes('yyy'), server.seen]).toEqual(['refused', false, []]);
  });

  it('names a request without its query, and a secret path by its route', async () => {
    server.mischief = () => 'cut';
    const { detail } = await fault({ path: 'session/hunter2', route: 'session/…', query: { sessionId: 'hunter2' } });
    server.mischief = () => null;
    expect(detail).toContain('GET http://127.0.0.1');
    expect(detail).toContain('/base/session/…');
    expect(detail).not.toContain('hunter2');
  });
});

describe('logText', () => {
  it('is one short line without secrets', () => {
    expect(logText('a\r\nb\u202e\u0000c hunter2 hunter2', ['hunter2', ''])).toBe('a b c [secret] [secret]');
    expect(logText('x'.repeat(1000))).toHaveLength(301);
  });
});
