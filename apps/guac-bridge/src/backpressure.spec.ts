import { encodeInstruction } from './guacd/instruction';
import { TestBridge } from './testing/test-bridge';
import { waitFor } from './testing/test-browser';

const MIB = 1024 * 1024;
const BLOB = encodeInstruction('blob', '1', 'QUJD'.repeat(2000));
const CHUNK = Buffer.from(BLOB.repeat(130));
/** Socket buffers of the kernel on both loopback connections, and what the bridge itself may hold. */
const IN_FLIGHT = 24 * MIB;

describe('back-pressure', () => {
  let bridge: TestBridge;
  afterEach(() => bridge.stop());

  it('makes guacd wait for a browser that does not read, and loses nothing', async () => {
    const total = 64 * MIB;
    let accepted = 0;
    bridge = await TestBridge.start({
      onReady: ({ socket }) => {
        const pump = (): void => {
          while (accepted < total && socket.write(CHUNK)) {
            accepted += CHUNK.length;
          }
          socket.once('drain', pump);
        };
        pump();
      },
    });
    const browser = await bridge.open();
    browser.socket.pause();
    await settled(() => accepted);
    expect(accepted).toBeLessThan(IN_FLIGHT);

    let received = 0;
    browser.socket.removeAllListeners('message');
    browser.socket.on('message', (frame: Buffer) => {
      received += frame.length;
      expect(frame.subarray(0, 6).toString()).toBe('4.blob');
      expect(frame.at(-1)).toBe(';'.charCodeAt(0));
    });
    browser.socket.resume();
    await waitFor(() => accepted >= total, 'guacd to get rid of everything');
    await waitFor(() => received >= accepted, 'the browser to get everything');
  });

  it('makes a browser wait for a guacd that does not read', async () => {
    bridge = await TestBridge.start();
    const browser = await bridge.open();
    const peer = await waitFor(() => bridge.api.callsTo('/opened').length > 0 && bridge.guacd.live, 'the session');
    peer.socket.pause();
    for (let sent = 0; sent < 48 * MIB; sent += CHUNK.length / 10) {
      browser.send(BLOB.repeat(13));
    }
    const waiting = await settled(() => browser.socket.bufferedAmount);
    expect(waiting).toBeGreaterThan(48 * MIB - IN_FLIGHT);
    peer.socket.removeAllListeners('data');
    peer.socket.resume();
    await waitFor(() => browser.socket.bufferedAmount === 0, 'the browser to get rid of everything');
  });
});

/** The value of `probe` once it has stayed the same for 300 ms. */
async function settled(probe: () => number): Promise<number> {
  let last = -1;
  for (let since = Date.now(); Date.now() - since < 300;) {
    const value = probe();
    if (value !== last) {
      last = value;
      since = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return last;
}
