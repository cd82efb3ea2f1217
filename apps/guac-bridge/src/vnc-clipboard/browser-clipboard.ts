import { encodeInstruction } from '../guacd/instruction';
import { parseInstruction } from '../guacd/instruction-parser';
import { LONGEST_TEXT, plainText } from './extended-clipboard';

/** guacd numbers its own streams from 0 to 127. */
export const CLIPBOARD_STREAM = '1000000';
/** Bytes of one blob: with its frame it stays below the 8,192 characters that every client takes. */
const BLOB_BYTES = 6048;
/** Far more than a page makes at once, or of a text of that length. */
const MOST_STREAMS = 8;
const MOST_BLOBS = 4096;

/** The instructions that put `text` into a browser's clipboard (Guacamole protocol reference, "Streaming"). */
export function clipboardInstructions(text: string): string[] {
  const bytes = Buffer.from(text);
  const blobs = Array.from({ length: Math.ceil(bytes.length / BLOB_BYTES) }, (_, index) =>
    bytes.toString('base64', index * BLOB_BYTES, (index + 1) * BLOB_BYTES),
  );
  return [
    encodeInstruction('clipboard', CLIPBOARD_STREAM, 'text/plain'),
    ...blobs.map((blob) => encodeInstruction('blob', CLIPBOARD_STREAM, blob)),
    encodeInstruction('end', CLIPBOARD_STREAM),
  ];
}

/** Follows what a browser sends to the guest's clipboard, and hands on each text when it is whole. */
export class BrowserClipboard {
  private readonly streams = new Map<string, { blobs: Buffer[]; bytes: number }>();

  constructor(private readonly onText: (text: string) => void) {}

  /** Takes one whole `clipboard`, `blob` or `end` instruction. Longer texts than the console gives back are let go. */
  receive(instruction: Buffer): void {
    const [opcode, stream, value = ''] = parseInstruction(instruction);
    if (opcode === 'clipboard') {
      if (this.streams.size < MOST_STREAMS) {
        this.streams.set(stream, { blobs: [], bytes: 0 });
      }
      return;
    }
    const text = this.streams.get(stream);
    if (text && opcode === 'blob') {
      const blob = Buffer.from(value, 'base64');
      text.bytes += blob.length;
      text.blobs.push(blob);
      if (text.bytes > LONGEST_TEXT || text.blobs.length > MOST_BLOBS) {
        this.streams.delete(stream);
      }
    } else if (text && opcode === 'end') {
      this.streams.delete(stream);
      this.onText(plainText(Buffer.concat(text.blobs).toString('utf8')));
    }
  }
}
