import { TestBridge } from './testing/test-bridge';
import { TestBrowser, waitFor } from './testing/test-browser';

const COMES_BACK = { code: 1011, reason: '520' };

describe('a bridge that stops', () => {
  let bridge: TestBridge;
  beforeEach(async () => {
    bridge = await TestBridge.start();
  });
  afterEach(() => bridge.stop());

  async function live(): Promise<TestBrowser> {
    const browser = await bridge.open();
    await waitFor(() => bridge.api.callsTo('/opened').length === 1, 'opened');
    return browser;
  }

  async function state(path: string): Promise<[number, unknown]> {
    const answer = await fetch(`http://127.0.0.1:${bridge.port}${path}`);
    return [answer.status, await answer.json()];
  }

  it('tells live sessions to move, gives them back and lets guacd go', async () => {
    const browser = await live();
    await bridge.server.close();
    expect(await browser.closed).toEqual(COMES_BACK);
    expect(bridge.api.callsTo('/closed')[0].body).toMatchObject({ reason: 'BRIDGE_STOPS' });
    await waitFor(() => bridge.guacd.live?.with('disconnect').length, 'disconnect');
    await expect(bridge.open()).rejects.toThrow();
  });

  it('sends newcomers away with the same status while it waits for a browser that does not answer', async () => {
    const asleep = await live();
    asleep.socket.pause();
    const closing = bridge.server.close();
    const late = await bridge.open('ticket=T2');
    expect(await late.closed).toEqual(COMES_BACK);
    expect(bridge.api.callsTo('/redeem')).toHaveLength(1);
    expect(await state('/health')).toEqual([200, { status: 'draining', sessions: 0 }]);
    expect(await state('/ready')).toEqual([503, { status: 'draining', sessions: 0 }]);
    await closing;
    asleep.socket.resume();
    expect(await asleep.closed).toEqual(COMES_BACK);
  });

  it('is ready as long as it has room', async () => {
    expect(await state('/ready')).toEqual([200, { status: 'ok', sessions: 0 }]);
    await bridge.stop();
    bridge = await TestBridge.start({}, 1);
    await live();
    expect(await state('/ready')).toEqual([503, { status: 'full', sessions: 1 }]);
    expect(await state('/health')).toEqual([200, { status: 'full', sessions: 1 }]);
  });
});
