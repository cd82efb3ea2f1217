import { connect, Socket } from 'node:net';
import { ConsoleMachine } from '../testing/real-guacd';
import { provided } from '../testing/fake-console';
import { waitFor } from '../testing/test-browser';
import { ByteReader } from './byte-reader';
import { FLAG, setEncodings } from './extended-clipboard';
import { shakeHands } from './rfb-handshake';
import { nextClipboardMessage } from './server-messages';
import { VncClipboard } from './vnc-clipboard';

const PASSWORD = 'Wt7-xq2z';

/** Another client of the same console, in the place of a guest that copies `text`: announces it, gives it if asked. */
async function copyAs(socket: Socket, text: string): Promise<void> {
  const reader = new ByteReader(socket as AsyncIterable<Buffer>);
  await shakeHands(reader, (bytes) => socket.write(bytes), PASSWORD);
  socket.write(setEncodings());
  await nextClipboardMessage(reader);
  // Again and again, because the one who is to hear it may not be there yet.
  const announcing = setInterval(() => socket.write(cutText(FLAG.NOTIFY | FLAG.TEXT)), 200);
  socket.once('close', () => clearInterval(announcing));
  for (;;) {
    if ((await nextClipboardMessage(reader)).flags & FLAG.REQUEST) {
      socket.write(cutText(FLAG.PROVIDE | FLAG.TEXT, provided(text)));
    }
  }
}

function cutText(flags: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(6, 0);
  head.writeInt32BE(-4 - body.length, 4);
  head.writeUInt32BE(flags, 8);
  return Buffer.concat([head, body]);
}

describe('with a real console of QEMU', () => {
  let machine: ConsoleMachine;

  beforeAll(async () => {
    machine = await ConsoleMachine.start(PASSWORD);
  }, 60_000);
  afterAll(() => machine.stop());

  it('hears what was copied, in the characters it was copied in', async () => {
    const texts: string[] = [];
    const away: string[] = [];
    const console = { host: '127.0.0.1', port: machine.port, password: PASSWORD };
    const clipboard = new VncClipboard(console, {
      guestText: (text) => texts.push(text),
      clipboardAway: (reason) => away.push(reason),
    });
    const other = connect(machine.port, '127.0.0.1');
    const text = 'Grüße, 10 µm €\n'.repeat(1000);
    copyAs(other, text).catch(() => other.destroy());
    try {
      await waitFor(() => texts.length > 0, 'the text');
      expect(texts[0]).toBe(text);
      expect(away).toEqual([]);
    } finally {
      clipboard.close();
      other.destroy();
    }
  });

  it('tells apart a console that does not know the password', async () => {
    const away: string[] = [];
    const clipboard = new VncClipboard(
      { host: '127.0.0.1', port: machine.port, password: 'wrong' },
      { guestText: () => undefined, clipboardAway: (reason) => away.push(reason) },
    );
    await waitFor(() => away.length > 0, 'the reason');
    clipboard.close();
    expect(away).toEqual(['NOT_AUTHENTICATED']);
  });
});
