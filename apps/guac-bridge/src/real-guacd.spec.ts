import { SECRET, SESSION_ID, TestBridge } from './testing/test-bridge';
import { ConsoleMachine, RealGuacd } from './testing/real-guacd';
import { TestBrowser, waitFor } from './testing/test-browser';

const PASSWORD = 'Wt7-xq2z';

describe('with a real guacd and a real console', () => {
  let guacd: RealGuacd;
  let machine: ConsoleMachine;
  let bridge: TestBridge;

  beforeAll(async () => {
    [guacd, machine] = await Promise.all([RealGuacd.start(), ConsoleMachine.start(PASSWORD)]);
  }, 60_000);
  beforeEach(async () => {
    bridge = await TestBridge.start({}, 10, guacd.address);
    connectTo(machine.port, PASSWORD);
  });
  afterEach(() => bridge.stop());
  afterAll(async () => {
    await Promise.all([guacd.stop(), machine.stop()]);
  });

  function connectTo(port: number, password: string): void {
    bridge.api.redeem = {
      action: 'connect',
      sessionId: SESSION_ID,
      readOnly: false,
      userName: 'Ada Okafor',
      protocol: 'vnc',
      host: '127.0.0.1',
      port,
      parameters: { password },
    };
  }

  /** Opens a session and behaves like the portal's display until the picture is there. */
  async function watch(): Promise<TestBrowser> {
    const browser = await bridge.open();
    browser.answerLikeAClient();
    await waitFor(
      () => browser.instructions.some(([opcode, , , layer]) => opcode === 'img' && layer === '0'),
      'an image on the default layer',
    );
    return browser;
  }

  it('shows the picture within seconds, tells the size of the screen and lets a second one join', async () => {
    const first = await watch();
    expect(first.instructions).toContainEqual(['size', '0', '720', '400']);
    expect(first.instructions.map(([opcode]) => opcode)).not.toEqual(expect.arrayContaining(['args', 'ready']));
    const { connectionId } = bridge.api.callsTo('/opened')[0].body as { connectionId: string };
    bridge.api.redeem = {
      action: 'join',
      sessionId: SESSION_ID,
      readOnly: true,
      userName: 'Bo Lindqvist',
      guacd: guacd.address,
      connectionId,
    };
    const second = await watch();
    expect(second.instructions).toContainEqual(['size', '0', '720', '400']);
    first.socket.close();
    await second.until('sync');
    expect(second.socket.readyState).toBe(second.socket.OPEN);
  });

  it('takes input that guacd does not complain about', async () => {
    const browser = await watch();
    browser.send(
      '5.mouse,3.100,3.100,1.0;3.key,2.97,1.1;3.key,2.97,1.0;' +
        '9.clipboard,1.0,10.text/plain;4.blob,1.0,4.aGk=;3.end,1.0;',
    );
    const before = browser.instructions.length;
    await waitFor(() => browser.instructions.length > before + 2, 'more to come');
    expect(browser.instructions.filter(([opcode]) => opcode === 'error')).toEqual([]);
    browser.socket.close();
    await waitFor(() => bridge.api.callsTo('/closed').length, 'closed');
    expect(bridge.api.callsTo('/closed')[0].body).toMatchObject({ reason: 'BROWSER_CLOSED' });
  });

  it('says 519 for a wrong password and for a console that is not there', async () => {
    connectTo(machine.port, 'wrong');
    expect(await (await bridge.open()).closed).toEqual({ code: 1011, reason: '519' });
    connectTo(1, PASSWORD);
    expect(await (await bridge.open()).closed).toEqual({ code: 1011, reason: '519' });
    expect(bridge.log).not.toContain(PASSWORD);
    expect(bridge.log).not.toContain(SECRET);
  });

  it('tells the portal when there is nothing to join any more, and the page to come back', async () => {
    bridge.api.redeem = {
      action: 'join',
      sessionId: SESSION_ID,
      readOnly: false,
      userName: 'Ada Okafor',
      guacd: guacd.address,
      connectionId: '$00000000-0000-4000-8000-000000000000',
    };
    expect(await (await bridge.open()).closed).toEqual({ code: 1011, reason: '520' });
    await waitFor(() => bridge.api.callsTo('/closed').length, 'closed');
    expect(bridge.api.callsTo('/closed')[0].body).toMatchObject({ reason: 'CONNECTION_GONE' });
  });

  it('tells the page to come back when guacd is killed', async () => {
    const browser = await watch();
    await guacd.kill();
    expect((await browser.closed).code).toBe(1011);
    guacd = await RealGuacd.start();
  }, 20_000);
});
