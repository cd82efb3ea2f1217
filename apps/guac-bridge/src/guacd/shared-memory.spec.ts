import { TestBridge } from '../testing/test-bridge';
import { waitFor } from '../testing/test-browser';
import { encodeInstruction } from './instruction';

const PICTURES = 40;
const SESSIONS = ['a', 'b', 'c', 'd'];

/** Sessions read into the same memory and share the frames' memory: nothing of one may ever show up in another. */
describe('memory that sessions share', () => {
  let bridge: TestBridge;
  afterEach(() => bridge.stop());

  it('keeps the pictures of sessions apart that are busy at once, slow readers among them', async () => {
    let peers = 0;
    bridge = await TestBridge.start({
      onReady: ({ socket }) => {
        const letter = SESSIONS[peers++];
        const blob = encodeInstruction('blob', '1', letter.repeat(7000));
        for (let sent = 0; sent < PICTURES; sent++) {
          socket.write(blob.repeat(20) + encodeInstruction('sync', String(sent)));
        }
      },
    });
    const browsers = await Promise.all(SESSIONS.map((name) => bridge.open(`ticket=${name}`)));
    browsers[0].socket.pause();
    setTimeout(() => browsers[0].socket.resume(), 200);
    await waitFor(
      () => browsers.every(({ frames }) => frames.flat().filter(([name]) => name === 'sync').length === PICTURES),
      'all pictures',
    );
    const letters = browsers.map(
      ({ instructions }) =>
        new Set(instructions.filter(([opcode]) => opcode === 'blob').map(([, , text]) => [...new Set(text)].join(''))),
    );
    expect(letters.map((seen) => [...seen].join(' ')).sort()).toEqual(SESSIONS);
    expect(browsers.map((browser) => browser.instructions.filter(([name]) => name === 'blob').length)).toEqual(
      SESSIONS.map(() => PICTURES * 20),
    );
  });
});
