import { stat } from 'node:fs/promises';
import { FIGURES, GUACD, SessionBench } from '../sessions/testing/session-bench';
import { InternalClient } from './testing/internal-client';

describe('the internal api', () => {
  let bench: SessionBench;

  beforeAll(async () => {
    bench = await SessionBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  it('is a socket of its own that only owner and group may use', async () => {
    const { listen } = bench.test.config.internal;
    if (listen.kind !== 'unix') throw new Error('expected a unix socket');
    expect((await stat(listen.path)).mode & 0o777).toBe(0o660);
    const answers = await Promise.all(
      ['/internal/tickets/redeem', '/api/internal/tickets/redeem'].map((path) =>
        bench.ada.browser.send('POST', path, {}),
      ),
    );
    expect(answers.map((a) => a.status)).toEqual([404, 404]);
  });

  it.each(['', 'wrong', 'a'.repeat(63), 'a'.repeat(65)])('answers 401 to the secret %j', async (secret) => {
    const client = new InternalClient(bench.test.config, secret);
    expect(await client.post('/internal/tickets/redeem', {})).toEqual({ status: 401, body: null });
  });

  const missing = '/internal/sessions/7f1b0f4e-6b8a-4a53-9a0e-000000000000';
  it.each([
    ['an empty redeem', '/internal/tickets/redeem', {}, 400],
    ['no JSON', '/internal/tickets/redeem', '{', 400],
    [
      'a field too many',
      '/internal/tickets/redeem',
      { ticket: 'x', cookie: '', origin: '', bridge: 'b', more: 1 },
      400,
    ],
    ['too much', '/internal/tickets/redeem', `"${'x'.repeat(70_000)}"`, 413],
    ['an id that is none', '/internal/sessions/nonsense/renewal', FIGURES, 404],
    ['the renewal of an unknown session', `${missing}/renewal`, FIGURES, 404],
    ['the opening of an unknown session', `${missing}/opened`, GUACD, 404],
    ['negative figures', `${missing}/renewal`, { ...FIGURES, bytesToClient: -1 }, 400],
    ['an unknown path', '/internal/elsewhere', {}, 404],
  ])('gives %s its status', async (_what, path, body, status) => {
    expect(await bench.internal.post(path, body)).toEqual({ status, body: null });
  });
});
