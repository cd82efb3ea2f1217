import { encodeInstruction } from '../guacd/instruction';
import { FakeConsole } from '../testing/fake-console';
import { SESSION_ID, TestBridge } from '../testing/test-bridge';
import { TestBrowser, waitFor } from '../testing/test-browser';
import { CLIPBOARD_STREAM } from './browser-clipboard';

const PASSWORD = 'Wt7-xq2z';
const CAPS_SENT = '06000000fffffff81b0000010003ffc0';

describe('the clipboard of the guest in a session', () => {
  let console: FakeConsole;
  let bridge: TestBridge;

  beforeEach(async () => {
    console = await FakeConsole.start(PASSWORD);
    bridge = await TestBridge.start();
    connectWith(PASSWORD);
  });
  afterEach(async () => {
    await bridge.stop();
    await console.stop();
  });

  function connectWith(password: string, readOnly = false): void {
    bridge.api.redeem = {
      action: 'connect',
      sessionId: SESSION_ID,
      readOnly,
      userName: 'Ada Okafor',
      protocol: 'vnc',
      ...console.address,
      parameters: { password },
    };
  }

  /** A session whose clipboard connection stands. */
  async function live(): Promise<TestBrowser> {
    const before = console.received.filter((message) => message === CAPS_SENT).length;
    const browser = await bridge.open();
    await waitFor(() => console.received.filter((message) => message === CAPS_SENT).length > before, 'caps');
    return browser;
  }

  /** What a browser was given, decoded. */
  function textsOf({ instructions }: TestBrowser): string[] {
    const texts: string[] = [];
    let blobs: Buffer[] = [];
    for (const [opcode, stream, value] of instructions) {
      if (stream === CLIPBOARD_STREAM && opcode === 'blob') {
        blobs.push(Buffer.from(value, 'base64'));
      } else if (stream === CLIPBOARD_STREAM && opcode === 'end') {
        texts.push(Buffer.concat(blobs).toString());
        blobs = [];
      }
    }
    return texts;
  }

  const sendText = (browser: TestBrowser, text: string): void =>
    browser.send(
      encodeInstruction('clipboard', '0', 'text/plain') +
        encodeInstruction('blob', '0', Buffer.from(text).toString('base64')) +
        encodeInstruction('end', '0'),
    );

  it('reaches the browser, over a shared connection that asks for no picture', async () => {
    const browser = await live();
    console.copy('Grüße aus dem Gast €');
    await browser.until('end');
    expect(browser.instructions.slice(-3)).toEqual([
      ['clipboard', CLIPBOARD_STREAM, 'text/plain'],
      ['blob', CLIPBOARD_STREAM, Buffer.from('Grüße aus dem Gast €').toString('base64')],
      ['end', CLIPBOARD_STREAM],
    ]);
    expect(console.received).toEqual(['01', '02000001c0a1e5ce', CAPS_SENT, '06000000fffffffc02000001']);
  });

  it('goes in blobs that every client takes', async () => {
    const browser = await live();
    const text = 'äöü€'.repeat(20_000);
    console.copy(text);
    await browser.until('end');
    expect(textsOf(browser)).toEqual([text]);
    const blobs = browser.instructions.filter(([opcode]) => opcode === 'blob');
    expect(Math.max(...blobs.map(([, , value]) => value.length))).toBe(8064);
  });

  it('stands between frames of guacd, of which not a byte changes', async () => {
    const browser = await live();
    const sent = Array.from({ length: 400 }, (_, index) => ['blob', '1', `${index};9.clipboard,`.repeat(30)]);
    const wire = sent.map((instruction) => encodeInstruction(...instruction)).join('');
    const peer = bridge.guacd.live;
    for (let at = 0; at < wire.length; at += 1237) {
      peer?.socket.write(wire.slice(at, at + 1237));
      if (at % 10 === 0) {
        console.copy(`word ${at}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const guacdPart = (): string[][] =>
      browser.instructions.filter(([opcode, stream]) => opcode !== '' && stream !== CLIPBOARD_STREAM);
    await waitFor(() => guacdPart().length === sent.length, 'everything of guacd');
    await waitFor(() => textsOf(browser).length > 1, 'texts of the guest');
    expect(guacdPart()).toEqual(sent);
  });

  it('does not give back what a browser sent, neither to it nor to another, until the guest copies something', async () => {
    const [browser, other] = [await live(), await live()];
    sendText(browser, 'one\r\ntwo');
    await waitFor(() => bridge.guacd.peers.some((peer) => peer.with('end').length > 0), 'the text at guacd');
    console.copy('one\ntwo');
    const asked = console.received.length;
    await waitFor(() => console.received.length >= asked + 2, 'both to ask');
    console.copy('three');
    await Promise.all([browser.until('end'), other.until('end')]);
    expect([textsOf(browser), textsOf(other)]).toEqual([['three'], ['three']]);
    console.copy('one\ntwo');
    await waitFor(() => textsOf(browser).length === 2, 'the second text');
    expect(textsOf(browser)).toEqual(['three', 'one\ntwo']);
  });

  it('keeps the thanks for it from guacd', async () => {
    const browser = await live();
    browser.send(encodeInstruction('ack', CLIPBOARD_STREAM, 'OK', '0') + encodeInstruction('ack', '1', 'OK', '0'));
    const acks = await waitFor(() => bridge.guacd.live?.with('ack').length && bridge.guacd.live.with('ack'), 'an ack');
    expect(acks).toEqual([['ack', '1', 'OK', '0']]);
  });

  it('waits for a browser that does not read, and gives it the latest', async () => {
    const browser = await live();
    browser.socket.pause();
    const noise = encodeInstruction('blob', '1', 'QUJD'.repeat(2000)).repeat(3000);
    bridge.guacd.live?.socket.write(noise);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const text of ['early', 'late']) {
      const asked = console.received.length;
      console.copy(text);
      await waitFor(() => console.received.length > asked, 'the question');
    }
    browser.socket.resume();
    await waitFor(() => textsOf(browser).length > 0, 'a text');
    expect(textsOf(browser)).toEqual(['late']);
  });

  it('is tried again after a loss, says so once, and ends with the session', async () => {
    const browser = await live();
    console.cut();
    await waitFor(() => console.received.filter((message) => message === CAPS_SENT).length === 2, 'a new connection');
    console.copy('again');
    await browser.until('end');
    expect(bridge.log.match(/no clipboard from the guest/g)).toHaveLength(1);
    browser.socket.close();
    await waitFor(() => console.sockets.size === 0, 'the connection to be closed');
  });

  it('leaves the session alone where the password is wrong, and keeps it out of the log', async () => {
    connectWith('other-pw');
    const browser = await bridge.open();
    await waitFor(() => bridge.log.includes('NOT_AUTHENTICATED'), 'the line in the log');
    bridge.guacd.live?.send('sync', '1');
    await browser.until('sync');
    expect(bridge.log).not.toContain('other-pw');
  });

  it('is not read for a viewer', async () => {
    connectWith(PASSWORD, true);
    const browser = await bridge.open();
    await waitFor(() => bridge.api.callsTo('/opened').length > 0, 'the session');
    bridge.guacd.live?.send('sync', '1');
    await browser.until('sync');
    expect(console.received).toEqual([]);
  });

  it('is read for a member who joins', async () => {
    bridge.api.redeem = {
      action: 'join',
      sessionId: SESSION_ID,
      readOnly: false,
      userName: 'Ada Okafor',
      guacd: bridge.guacd.address,
      connectionId: '$fake-connection',
      console: { protocol: 'vnc', ...console.address, parameters: { password: PASSWORD } },
    };
    const browser = await live();
    console.copy('for both');
    await browser.until('end');
    expect(textsOf(browser)).toEqual(['for both']);
  });
});
