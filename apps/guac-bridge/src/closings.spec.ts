import { SessionClosing } from '@beamdesk/contracts';
import { Closings } from './closings';
import { FakeInternalApi } from './testing/fake-internal-api';
import { SESSION_ID, TestBridge } from './testing/test-bridge';
import { waitFor } from './testing/test-browser';

const CLOSING = { sessionId: SESSION_ID, status: 769, code: 'SIGNED_OUT' };

describe('Closings', () => {
  let portal: FakeInternalApi;
  let closings: Closings;
  let heard: SessionClosing[];

  beforeEach(async () => {
    heard = [];
    portal = await FakeInternalApi.start();
    closings = new Closings(portal.address, 'the-secret', 'bridge one', (closing) => heard.push(closing));
    closings.start();
    await waitFor(() => portal.listeners.length === 1, 'the listener');
  });
  afterEach(async () => {
    closings.stop();
    await portal.stop();
  });

  it('hears of sessions that have to end, in lines however they are cut', async () => {
    const line = `${JSON.stringify(CLOSING)}\n`;
    portal.listeners[0].write(line.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 20));
    portal.listeners[0].write(`${line.slice(20)}\n${line}`);
    await waitFor(() => heard.length === 2, 'two closings');
    expect(heard).toEqual([CLOSING, CLOSING]);
    expect(portal.calls[0]).toMatchObject({
      path: '/internal/closings?bridge=bridge%20one',
      authorization: 'Bearer the-secret',
    });
  });

  it('tells whether the portal is heard, which the bridge says to who asks whether it is ready', async () => {
    await waitFor(() => closings.connected, 'the portal to be heard');
    const bridge = await TestBridge.start();
    bridge.server.hearsPortal = () => closings.connected;
    const ready = async (): Promise<unknown> => {
      const answer = await fetch(`http://127.0.0.1:${bridge.port}/ready`);
      return [answer.status, await answer.json()];
    };
    try {
      expect(await ready()).toEqual([200, { status: 'ok', sessions: 0 }]);
      closings.stop();
      await waitFor(() => !closings.connected, 'the portal to be away');
      expect(await ready()).toEqual([503, { status: 'portal-away', sessions: 0 }]);
    } finally {
      await bridge.stop();
    }
  });

  it.each([
    ['a break', () => portal.listeners[0].destroy()],
    ['nonsense', () => portal.listeners[0].write('{"sessionId":1}\n')],
  ])('listens again after %s', async (_name, disturb) => {
    disturb();
    await waitFor(() => portal.listeners.length === 2, 'the listener to come back');
    portal.listeners[1].write(`${JSON.stringify(CLOSING)}\n`);
    await waitFor(() => heard.length === 1, 'the closing');
  });

  it('ends the session that is meant, at once', async () => {
    const bridge = await TestBridge.start();
    try {
      const browser = await bridge.open();
      await waitFor(() => bridge.api.callsTo('/opened').length, 'the session');
      bridge.server.endSession({ ...CLOSING, sessionId: '00000000-0000-4000-8000-000000000000' });
      bridge.server.endSession(CLOSING);
      expect(await browser.closed).toEqual({ code: 1008, reason: '769' });
      await waitFor(() => bridge.api.callsTo('/closed').length, 'the session to be given back');
      expect(bridge.api.callsTo('/closed')[0].body).toMatchObject({ reason: 'SIGNED_OUT' });
    } finally {
      await bridge.stop();
    }
  });
});
