import { ByteReader, RfbError } from './byte-reader';
import { LONGEST_TEXT } from './extended-clipboard';

const BELL = 2;
const SERVER_CUT_TEXT = 3;
const FLAGS_BYTES = 4;
/** Compression makes a text that cannot be compressed a little longer. */
const LARGEST_KEPT = LONGEST_TEXT + 1024;
/** A copy in the guest may be long; beyond this it is no clipboard. */
const LARGEST_PASSED_OVER = 64 * 1024 * 1024;

/** A message of the extended clipboard. */
export interface ClipboardMessage {
  readonly flags: number;
  /** What follows the flags; empty where that is too long to be of use. */
  readonly body: Buffer;
}

/**
 * The next message of the extended clipboard. Passes over bells and clipboards of the old kind, which guacd reads
 * itself. Throws RfbError for anything else (a picture nobody asked for cannot be passed over) and for absurd lengths.
 */
export async function nextClipboardMessage(reader: ByteReader): Promise<ClipboardMessage> {
  for (;;) {
    const [type] = await reader.take(1);
    if (type === BELL) {
      continue;
    }
    if (type !== SERVER_CUT_TEXT) {
      throw new RfbError('UNEXPECTED_MESSAGE');
    }
    const length = (await reader.take(7)).readInt32BE(3);
    if (Math.abs(length) > LARGEST_PASSED_OVER || (length < 0 && -length < FLAGS_BYTES)) {
      throw new RfbError('BAD_LENGTH');
    }
    if (length >= 0) {
      await reader.skip(length);
      continue;
    }
    const flags = (await reader.take(FLAGS_BYTES)).readUInt32BE();
    const rest = -length - FLAGS_BYTES;
    if (rest <= LARGEST_KEPT) {
      return { flags, body: await reader.take(rest) };
    }
    await reader.skip(rest);
    return { flags, body: Buffer.alloc(0) };
  }
}
