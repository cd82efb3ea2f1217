import { deflateSync } from 'node:zlib';
import { provided, serverCutText } from '../testing/fake-console';
import { ByteReader } from './byte-reader';
import { caps, decodeProvided, FLAG, LONGEST_TEXT, requestText, setEncodings } from './extended-clipboard';
import { nextClipboardMessage } from './server-messages';
import { answerChallenge } from './vnc-authentication';

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

const readerOf = (bytes: Buffer, size: number): ByteReader => new ByteReader(piecesOf(bytes, size));

describe('the extended clipboard', () => {
  it('asks for no picture, tells what it takes and asks for text', () => {
    expect(setEncodings().toString('hex')).toBe('02000001c0a1e5ce');
    expect(caps().toString('hex')).toBe('06000000fffffff81b0000010003ffc0');
    expect(requestText().toString('hex')).toBe('06000000fffffffc02000001');
  });

  it.each([1, 2, 7, 65_536])('reads messages that come in pieces of %d bytes', async (size) => {
    const bell = Buffer.of(2);
    const oldKind = Buffer.concat([Buffer.of(3, 0, 0, 0, 0, 0, 0, 3), Buffer.from('old')]);
    const notify = serverCutText(FLAG.NOTIFY | FLAG.TEXT);
    const provide = serverCutText(FLAG.PROVIDE | FLAG.TEXT, provided('Grüße 😀'));
    const reader = readerOf(Buffer.concat([bell, oldKind, notify, bell, provide]), size);
    expect(await nextClipboardMessage(reader)).toEqual({ flags: FLAG.NOTIFY | FLAG.TEXT, body: Buffer.alloc(0) });
    const { flags, body } = await nextClipboardMessage(reader);
    expect(flags).toBe(FLAG.PROVIDE | FLAG.TEXT);
    expect(await decodeProvided(body)).toBe('Grüße 😀');
    await expect(nextClipboardMessage(reader)).rejects.toThrow('CONSOLE_GONE');
  });

  it('passes over a text that is too long and goes on with the next', async () => {
    const long = serverCutText(FLAG.PROVIDE | FLAG.TEXT, Buffer.alloc(1_000_000));
    const reader = readerOf(Buffer.concat([long, serverCutText(FLAG.NOTIFY)]), 65_536);
    expect((await nextClipboardMessage(reader)).body).toHaveLength(0);
    expect((await nextClipboardMessage(reader)).flags).toBe(FLAG.NOTIFY);
  });

  it.each([
    ['a length of 2 GiB', Buffer.of(3, 0, 0, 0, 0x80, 0, 0, 0), 'BAD_LENGTH'],
    ['an old text of 2 GiB', Buffer.of(3, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff), 'BAD_LENGTH'],
    ['a message without flags', Buffer.of(3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), 'BAD_LENGTH'],
    ['a picture', Buffer.of(0, 0, 0, 1), 'UNEXPECTED_MESSAGE'],
  ])('refuses %s', async (_name, bytes, word) => {
    await expect(nextClipboardMessage(readerOf(bytes, 65_536))).rejects.toThrow(word);
  });

  it.each([
    ['as browsers hold it', 'one\ntwo', 'one\ntwo'],
    ['with CR LF and a final NUL', 'one\r\ntwo\0', 'one\ntwo'],
    ['with lone CR', 'one\rtwo', 'one\ntwo'],
    ['as long as may be', 'x'.repeat(LONGEST_TEXT), 'x'.repeat(LONGEST_TEXT)],
  ])('decodes text %s', async (_name, text, decoded) => {
    expect(await decodeProvided(provided(text))).toBe(decoded);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no zlib', Buffer.from('garbage')],
    ['an empty text', provided('')],
    ['a size beyond what is there', provided('abc', 0xffffffff)],
    ['less than a size', deflateSync(Buffer.of(0, 0))],
    ['a text too long', provided('x'.repeat(LONGEST_TEXT + 2))],
    ['a bomb', deflateSync(Buffer.alloc(200_000_000))],
  ])('takes no text from %s', async (_name, body) => {
    expect(await decodeProvided(body)).toBeNull();
  });
});

describe('VNC authentication', () => {
  // The answer as `openssl enc -des-ecb -provider legacy` gives it.
  it('is DES with the bits of each key byte reversed, of the first 8 characters', () => {
    const challenge = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    expect(answerChallenge(challenge, 'Wt7-xq2z').toString('hex')).toBe(
      answerChallenge(challenge, 'Wt7-xq2z and more').toString('hex'),
    );
    expect(answerChallenge(challenge, 'short').toString('hex')).toBe('1b974a9c5db115219f3c102fa5accb69');
  });
});
