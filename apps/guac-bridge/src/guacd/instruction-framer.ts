import { isAscii, isUtf8 } from 'node:buffer';
import { GUACAMOLE_STATUS, violation } from './guacamole-status';
import { GUACD_LIMITS, InstructionWalker } from './instruction-parser';

const NOTHING = Buffer.alloc(0);
const FOUR_BYTE_LEAD = 0xf0;
const REPLACEMENT = Buffer.from('\uFFFD');
const LARGEST_CHARACTER_BYTES = 4;

/**
 * Cuts guacd's byte stream into frames of whole instructions, as many per frame as have arrived: the browser's parser
 * takes each frame alone. Keeps the unfinished rest, at most one instruction.
 */
export class InstructionFramer {
  private readonly walker = new InstructionWalker(GUACD_LIMITS);
  private rest: Buffer[] = [];
  private restBytes = 0;

  /** `notice` hears the opcode of every instruction as it is completed. */
  constructor(private readonly notice: (opcode: string) => void) {}

  /** Takes the next bytes; returns all instructions that are now whole as one buffer, empty when none is. */
  push(piece: Buffer): Buffer {
    const ascii = isAscii(piece);
    let end = 0;
    for (let next = 0; next !== -1 && end < piece.length;) {
      next = this.walker.next(piece, end, ascii);
      if (next !== -1) {
        end = next;
        this.notice(this.walker.opcode);
      }
    }
    if (end === 0) {
      this.keep(piece);
      return NOTHING;
    }
    const head = end === piece.length ? piece : piece.subarray(0, end);
    const frame = this.rest.length === 0 ? head : Buffer.concat([...this.rest, head], this.restBytes + end);
    this.rest = [];
    this.restBytes = 0;
    if (end < piece.length) {
      this.keep(piece.subarray(end));
    }
    return ascii && frame.length === end ? frame : forBrowser(frame);
  }

  private keep(piece: Buffer): void {
    this.restBytes += piece.length;
    if (this.restBytes > GUACD_LIMITS.characters * LARGEST_CHARACTER_BYTES) {
      throw violation(GUACAMOLE_STATUS.SERVER_ERROR, 'GUACD_INSTRUCTION_TOO_LONG');
    }
    this.rest.push(piece);
  }
}

/**
 * A browser fails the connection on invalid UTF-8, and guacamole-common-js 1.5.0 counts UTF-16 units where guacd counts
 * code points: a character outside the basic plane (only names hold any) becomes U+FFFD, which both count as one.
 */
function forBrowser(frame: Buffer): Buffer {
  if (isAscii(frame)) {
    return frame;
  }
  if (!isUtf8(frame)) {
    throw violation(GUACAMOLE_STATUS.SERVER_ERROR, 'GUACD_INVALID_UTF8');
  }
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < frame.length; at++) {
    if (frame[at] >= FOUR_BYTE_LEAD) {
      parts.push(frame.subarray(from, at), REPLACEMENT);
      from = at + LARGEST_CHARACTER_BYTES;
      at = from - 1;
    }
  }
  return parts.length === 0 ? frame : Buffer.concat([...parts, frame.subarray(from)]);
}
