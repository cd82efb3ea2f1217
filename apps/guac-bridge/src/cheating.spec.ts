import { RedeemAnswer } from '@beamdesk/contracts';
import { encodeInstruction } from './guacd/instruction';
import { TestBridge } from './testing/test-bridge';
import { TestBrowser, waitFor } from './testing/test-browser';

const SECONDS = 2;
const PINGS_PER_SECOND = 10_000;
const TICK_MS = 10;
const CHEATER = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

/** What one browser may try, and what another one notices of it: nothing. */
describe('a cheating client', () => {
  let bridge: TestBridge;
  let honest: TestBrowser;

  beforeEach(async () => {
    bridge = await TestBridge.start();
    honest = await session('honest');
  });
  afterEach(() => bridge.stop());

  async function session(ticket: string): Promise<TestBrowser> {
    const before = bridge.api.callsTo('/opened').length;
    const browser = await bridge.open(`ticket=${ticket}`);
    await waitFor(() => bridge.api.callsTo('/opened').length > before, 'opened');
    return browser;
  }

  /** The honest session: its input arrives, its pictures come, its pings are answered, it is open. */
  async function noticesNothing(): Promise<void> {
    const [peer] = bridge.guacd.peers.filter((one) => one.with('select').length > 0);
    const key = String(100 + peer.with('key').length);
    honest.send(encodeInstruction('key', key, '1') + encodeInstruction('', 'ping', key));
    await waitFor(() => peer.with('key').some(([, pressed]) => pressed === key), 'the key at guacd');
    await waitFor(() => honest.instructions.some(([, word, time]) => word === 'ping' && time === key), 'the ping');
    peer.send('sync', key);
    await waitFor(() => honest.instructions.some(([name, time]) => name === 'sync' && time === key), 'the sync');
    expect(honest.socket.readyState).toBe(honest.socket.OPEN);
  }

  it.each([
    ['a length that overflows', '3.key,99999999999999999999.1;', 1002, '768'],
    ['a length without end', '1'.repeat(50_000), 1002, '768'],
    ['a negative length', '3.key,-1.65;', 1002, '768'],
    ['a length of text that never comes', '3.key,8000.65', 1002, '768'],
    ['a length beyond every instruction', '3.key,99999.65;', 1009, '781'],
    ['an element that is too long', `4.blob,1.0,9000.${'x'.repeat(9000)};`, 1009, '781'],
    ['more elements than guacd takes', `3.key${',1.1'.repeat(128)};`, 1009, '781'],
    ['lengths in UTF-16 units', '9.clipboard,1.0,4.😀😀;', 1002, '768'],
    ['half a message', '3.key,2.65,1', 1002, '768'],
    ['the other half', '.1;', 1002, '768'],
    ['one byte at a time', '3', 1002, '768'],
    ['a forged tunnel id', '0.,36.7b0c7b1e-3a52-4f0e-9d0a-6f7a3f3f9a11;', 1002, '768'],
    ['an internal opcode behind honest input', '3.nop;0.,4.quit;', 1002, '768'],
    ['an internal opcode without arguments', '0.;', 1002, '768'],
    ['an instruction of guacd’s own', '5.ready,2.$x;', 1008, '771'],
  ])('is cut off for %s', async (_name, wire, code, reason) => {
    const cheater = await session('cheater');
    cheater.send(wire);
    expect(await cheater.closed).toEqual({ code, reason });
    await noticesNothing();
  });

  it('is cut off for a message in bytes that are no text', async () => {
    const cheater = await session('cheater');
    cheater.socket.send(Buffer.from([0x31, 0x2e, 0xff, 0x3b]), { binary: false });
    expect((await cheater.closed).code).toBe(1007);
    await noticesNothing();
  });

  it('types surrogate pairs like everybody else', async () => {
    const cheater = await session('umlauts');
    const text = encodeInstruction('clipboard', '0', 'text/plain') + encodeInstruction('pipe', '1', 'x', '😀 äöü €');
    cheater.send(text);
    const peer = bridge.guacd.live;
    await waitFor(() => peer?.with('pipe').length, 'the text');
    expect(peer?.with('pipe')).toEqual([['pipe', '1', 'x', '😀 äöü €']]);
    await noticesNothing();
  });

  it.each([
    ['pings of the tunnel', (browser: TestBrowser) => browser.send('0.,4.ping,1.1;')],
    ['pings in one frame', (browser: TestBrowser) => browser.send('0.,4.ping,1.1;'.repeat(100))],
    ['pings of the websocket', (browser: TestBrowser) => browser.socket.ping()],
  ])('is cut off for 10,000 %s a second', async (_name, ping) => {
    const cheater = await session('cheater');
    const flood = setInterval(() => {
      for (let sent = 0; sent < (PINGS_PER_SECOND * TICK_MS) / 1000 && cheater.socket.readyState === 1; sent++) {
        ping(cheater);
      }
    }, TICK_MS);
    const stop = setTimeout(() => clearInterval(flood), SECONDS * 1000);
    expect(await cheater.closed).toEqual({ code: 1008, reason: '797' });
    clearInterval(flood);
    clearTimeout(stop);
    expect(bridge.guacd.live?.with('')).toEqual([]);
    await noticesNothing();
  });

  it('types into a void once its session is closed', async () => {
    const { redeem } = bridge.api;
    expect(redeem).toMatchObject({ action: 'connect' });
    bridge.api.redeem = { ...redeem, sessionId: CHEATER } as RedeemAnswer;
    const cheater = await session('cheater');
    const peer = bridge.guacd.live;
    // The browser does not read, so it never hears of the end and goes on typing.
    cheater.socket.pause();
    bridge.server.endSession({ sessionId: CHEATER, status: 523, code: 'STOPPED' });
    Array.from({ length: 50 }, () => cheater.send(encodeInstruction('key', '65', '1')));
    await waitFor(() => bridge.api.callsTo('/closed').length === 1, 'closed');
    cheater.socket.resume();
    expect(await cheater.closed).toEqual({ code: 1002, reason: '523' });
    expect(peer?.with('key')).toEqual([]);
    await noticesNothing();
  });
});
