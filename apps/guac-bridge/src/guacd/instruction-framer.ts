import { isAscii, isUtf8 } from 'node:buffer';
import { FramePool } from './frame-pool';
import { GUACAMOLE_STATUS, violation } from './guacamole-status';
import { PIECE_BYTES } from './guacd-socket';
import { GUACD_LIMITS, InstructionWalker } from './instruction-parser';

const NOTHING = Buffer.alloc(0);
const ONE_INSTRUCTION = 16 * 1024;
const FOUR_BYTE_LEAD = 0xf0;
const REPLACEMENT = Buffer.from('\uFFFD');
const LARGEST_CHARACTER_BYTES = 4;

/** Memory of all frames; whoever has written one gives it back. */
export const FRAMES = new FramePool(PIECE_BYTES + ONE_INSTRUCTION);

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

  /**
   * Takes the next bytes, and copies what it keeps of them; returns all instructions that are now whole as one buffer of
   * the frame pool, empty when none is.
   */
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
    const frame = this.complete(piece, end);
    if (end < piece.length) {
      this.keep(piece.subarray(end));
    }
    return forBrowser(frame);
  }

  /** What was kept and the piece up to `end`, as one. */
  private complete(piece: Buffer, end: number): Buffer {
    const frame = FRAMES.take(this.restBytes + end);
    let at = 0;
    for (const kept of this.rest) {
      at += kept.copy(frame, at);
    }
    piece.copy(frame, at, 0, end);
    this.rest = [];
    this.restBytes = 0;
    return frame;
  }

  private keep(piece: Buffer): void {
    this.restBytes += piece.length;
    if (this.restBytes > GUACD_LIMITS.characters * LARGEST_CHARACTER_BYTES) {
      throw violation(GUACAMOLE_STATUS.SERVER_ERROR, 'GUACD_INSTRUCTION_TOO_LONG');
    }
    this.rest.push(Buffer.from(piece));
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
