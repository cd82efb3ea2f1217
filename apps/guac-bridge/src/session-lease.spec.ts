import { InternalApi } from './internal-api';
import { SessionLease } from './session-lease';
import { FakeInternalApi } from './testing/fake-internal-api';
import { SESSION_ID } from './testing/test-bridge';

const START = Date.parse('2026-11-21T09:00:00Z');
const FIGURES = { bytesToClient: 300, bytesFromClient: 20, lastInputAt: START };

describe('SessionLease', () => {
  let portal: FakeInternalApi;
  let api: InternalApi;
  let lease: SessionLease;

  beforeEach(async () => {
    portal = await FakeInternalApi.start();
    api = new InternalApi(portal.address, 'internal-secret-of-the-tests', 1000);
    lease = new SessionLease(api, SESSION_ID, START);
  });
  afterEach(async () => {
    api.close();
    await portal.stop();
  });

  it('is due every 15 s', async () => {
    expect(lease.isDue(START + 14_999)).toBe(false);
    expect(lease.isDue(START + 15_000)).toBe(true);
    await lease.renew(START + 15_000, FIGURES);
    expect(lease.isDue(START + 29_999)).toBe(false);
    expect(lease.isDue(START + 30_000)).toBe(true);
  });

  it('tells bytes and last input, with the secret', async () => {
    expect(await lease.renew(START, FIGURES)).toBeNull();
    expect(portal.calls).toEqual([
      {
        path: `/internal/sessions/${SESSION_ID}/renewal`,
        authorization: 'Bearer internal-secret-of-the-tests',
        body: { bytesToClient: 300, bytesFromClient: 20, lastInputAt: '2026-11-21T09:00:00.000Z' },
      },
    ]);
  });

  it('ends on a no, with the reason given', async () => {
    portal.renewal = { continue: false, status: 523, code: 'STOPPED' };
    expect(await lease.renew(START, FIGURES)).toEqual({ status: 523, reason: 'STOPPED' });
  });

  it('ends when the portal does not know the session', async () => {
    portal.renewal = 404;
    expect(await lease.renew(START, FIGURES)).toEqual({ status: 522, reason: 'SESSION_UNKNOWN' });
  });

  it('outlives a restart of the portal, but not its loss: 2 minutes', async () => {
    portal.renewal = 503;
    expect(await lease.renew(START + 15_000, FIGURES)).toBeNull();
    portal.renewal = { continue: true };
    expect(await lease.renew(START + 30_000, FIGURES)).toBeNull();
    portal.renewal = 503;
    expect(await lease.renew(START + 150_000, FIGURES)).toBeNull();
    expect(await lease.renew(START + 150_001, FIGURES)).toEqual({ status: 512, reason: 'RENEWAL_UNANSWERED' });
  });

  it('counts a portal that is not there as one that does not answer', async () => {
    await portal.stop();
    expect(await lease.renew(START + 15_000, FIGURES)).toBeNull();
    portal = await FakeInternalApi.start();
  });

  it('gives the right back once', async () => {
    await lease.closed(FIGURES, 'BROWSER_CLOSED');
    await lease.closed(FIGURES, 'AGAIN');
    expect(portal.calls.map(({ body }) => body)).toEqual([
      { bytesToClient: 300, bytesFromClient: 20, lastInputAt: '2026-11-21T09:00:00.000Z', reason: 'BROWSER_CLOSED' },
    ]);
  });
});
