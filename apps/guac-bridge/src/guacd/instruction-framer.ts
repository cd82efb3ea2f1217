import { isAscii, isUtf8 } from 'node:buffer';
import { FramePool } from './frame-pool';
import { GUACAMOLE_STATUS, violation } from './guacamole-status';
import { GUACD_LIMITS, InstructionWalker } from './instruction-parser';

/**
 * A browser sees a frame when all of it has come, so on a slow line a larger one would come late, and hold up the answer
 * to a ping for so long that the line looks dead.
 */
const FRAME_BYTES = 64 * 1024;
const ONE_INSTRUCTION = 16 * 1024;
const FOUR_BYTE_LEAD = 0xf0;
const REPLACEMENT = Buffer.from('\uFFFD');
const LARGEST_CHARACTER_BYTES = 4;

/** Memory of all frames; whoever has written one gives it back. */
export const FRAMES = new FramePool(FRAME_BYTES + ONE_INSTRUCTION);

/**
 * Cuts guacd's byte stream into frames of whole instructions, as many per frame as have arrived, up to 64 KiB: the
 * browser's parser takes each frame alone. Keeps the unfinished rest, at most one instruction.
 */
export class InstructionFramer {
  private readonly walker = new InstructionWalker(GUACD_LIMITS);
  private rest: Buffer[] = [];
  private restBytes = 0;
  private restIsAscii = true;

  /** `notice` hears the opcode of every instruction as it is completed. */
  constructor(private readonly notice: (opcode: string) => void) {}

  /**
   * Takes the next bytes, and copies what it keeps of them; returns all instructions that are now whole in buffers of the
   * frame pool, none when none is. Only a single instruction may make a frame longer than it should be.
   */
  push(piece: Buffer): Buffer[] {
    const ascii = isAscii(piece);
    const frames: Buffer[] = [];
    let begin = 0;
    let end = 0;
    for (let next = 0; next !== -1 && end < piece.length;) {
      next = this.walker.next(piece, end, ascii);
      if (next !== -1) {
        if (next - begin > FRAME_BYTES && end > begin) {
          frames.push(this.complete(piece, begin, end, ascii));
          begin = end;
        }
        end = next;
        this.notice(this.walker.opcode);
      }
    }
    if (end > begin) {
      frames.push(this.complete(piece, begin, end, ascii));
    }
    if (end < piece.length) {
      this.keep(piece.subarray(end), ascii);
    }
    return frames;
  }

  /** What was kept, and the piece from `begin` to `end`, as one. */
  private complete(piece: Buffer, begin: number, end: number, ascii: boolean): Buffer {
    const frame = FRAMES.take(this.restBytes + end - begin);
    let at = 0;
    for (const kept of this.rest) {
      at += kept.copy(frame, at);
    }
    piece.copy(frame, at, begin, end);
    const plain = ascii && this.restIsAscii;
    this.rest = [];
    this.restBytes = 0;
    this.restIsAscii = true;
    return plain ? frame : forBrowser(frame);
  }

  private keep(piece: Buffer, ascii: boolean): void {
    this.restBytes += piece.length;
    if (this.restBytes > GUACD_LIMITS.characters * LARGEST_CHARACTER_BYTES) {
      throw violation(GUACAMOLE_STATUS.SERVER_ERROR, 'GUACD_INSTRUCTION_TOO_LONG');
    }
    this.restIsAscii &&= ascii;
    this.rest.push(Buffer.from(piece));
  }
}

/**
 * A browser fails the connection on invalid UTF-8, and guacamole-common-js 1.5.0 counts UTF-16 units where guacd counts
 * code points: a character outside the basic plane (only names hold any) becomes U+FFFD, which both count as one.
 */
function forBrowser(frame: Buffer): Buffer {
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
