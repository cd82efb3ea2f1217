import { promisify } from 'node:util';
import { constants, inflate } from 'node:zlib';

/**
 * The extended clipboard of RFB, as the section "Extended Clipboard Pseudo-Encoding" of the RFB community wiki
 * (github.com/rfbproto/rfbproto) describes it. Only text, and only from the guest.
 */
export const EXTENDED_CLIPBOARD = 0xc0a1e5ce;

/** Bits of the flags that begin every message. */
export const FLAG = {
  TEXT: 1,
  CAPS: 1 << 24,
  REQUEST: 1 << 25,
  PEEK: 1 << 26,
  NOTIFY: 1 << 27,
  PROVIDE: 1 << 28,
} as const;

/**
 * Longest text in bytes. Just below the 262,144 that guacd cuts a browser's text to, so that what it cut off never
 * comes back and replaces the whole.
 */
export const LONGEST_TEXT = 262_144 - 64;

const SET_ENCODINGS = 2;
const CLIENT_CUT_TEXT = 6;
const SIZE_BYTES = 4;

const inflated = promisify<Buffer, object, Buffer>(inflate);

/** SetEncodings with nothing but the extended clipboard: such a client is sent no picture. */
export function setEncodings(): Buffer {
  const message = Buffer.alloc(8);
  message.writeUInt8(SET_ENCODINGS, 0);
  message.writeUInt16BE(1, 2);
  message.writeUInt32BE(EXTENDED_CLIPBOARD, 4);
  return message;
}

/** What this side understands: text, up to `LONGEST_TEXT` unasked. */
export function caps(): Buffer {
  return clientCutText(FLAG.CAPS | FLAG.REQUEST | FLAG.NOTIFY | FLAG.PROVIDE | FLAG.TEXT, LONGEST_TEXT);
}

/** Asks for the text that a notify told of. */
export function requestText(): Buffer {
  return clientCutText(FLAG.REQUEST | FLAG.TEXT);
}

/**
 * The text of a provide message's part after the flags; null where it holds none, is broken or is too long. Text comes
 * first when there are several formats. Whether the zlib stream is finished or only flushed differs between servers.
 */
export async function decodeProvided(compressed: Buffer): Promise<string | null> {
  let content: Buffer;
  try {
    content = await inflated(compressed, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: SIZE_BYTES + LONGEST_TEXT + 1,
    });
  } catch {
    return null;
  }
  const size = content.length < SIZE_BYTES ? 0 : content.readUInt32BE();
  if (size > content.length - SIZE_BYTES || size > LONGEST_TEXT + 1) {
    return null;
  }
  const text = content.toString('utf8', SIZE_BYTES, SIZE_BYTES + size);
  return plainText(text) || null;
}

/** Text as browsers hold it: ends before a NUL, lines end with LF. */
export function plainText(text: string): string {
  const [beforeNul] = text.split('\0', 1);
  return beforeNul.replace(/\r\n?/g, '\n');
}

function clientCutText(...words: number[]): Buffer {
  const message = Buffer.alloc(8 + 4 * words.length);
  message.writeUInt8(CLIENT_CUT_TEXT, 0);
  message.writeInt32BE(-4 * words.length, 4);
  words.forEach((word, index) => message.writeUInt32BE(word, 8 + 4 * index));
  return message;
}
