import { isAscii } from 'node:buffer';
import { GUACAMOLE_STATUS, violation } from './guacamole-status';
import { opcodeText } from './opcode-texts';

/** How long an instruction may be. Characters are code points and include lengths and separators. */
export interface InstructionLimits {
  readonly characters: number;
  readonly elements: number;
  readonly lengthDigits: number;
}

/** What guacd itself accepts; a browser is held to the same. */
export const CLIENT_LIMITS: InstructionLimits = { characters: 8192, elements: 128, lengthDigits: 5 };

/** What the bridge takes from guacd: generous, so that a newer guacd works, but bounded. */
export const GUACD_LIMITS: InstructionLimits = { characters: 65_536, elements: 1024, lengthDigits: 5 };

const LONGEST_OPCODE = 64;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const SEMICOLON = 0x3b;

/**
 * Finds where instructions end in a stream of bytes, by walking the element lengths, never by searching for `;`
 * (element text may hold one). It can be fed in pieces of any size and remembers where it stopped. Lengths count code
 * points, so a byte is a character unless it continues one; in a piece that is ASCII throughout, which nearly all are,
 * text is jumped over instead of looked at byte by byte.
 */
export class InstructionWalker {
  private inLength = true;
  private length = 0;
  private digits = 0;
  private remaining = 0;
  private elements = 0;
  private characters = 0;
  private opcodeText = '';

  constructor(private readonly limits: InstructionLimits) {}

  /** Opcode of the instruction that `next` found last, or of the one under way once its opcode is whole. */
  get opcode(): string {
    return this.opcodeText;
  }

  /** True between instructions: nothing has been read of a next one. */
  get idle(): boolean {
    return this.inLength && this.digits === 0 && this.elements === 0;
  }

  /**
   * Walks `piece` from `offset` to the end of the next instruction and returns the offset just after it, or -1 when
   * the piece ends before; then the next call continues with the piece that follows. `ascii` promises that the piece
   * holds only ASCII.
   * Throws ProtocolViolation for what is no instruction or exceeds the limits.
   */
  next(piece: Buffer, offset: number, ascii: boolean): number {
    if (this.idle) {
      this.opcodeText = '';
      this.characters = 0;
    }
    let position = offset;
    while (position < piece.length) {
      if (this.inLength) {
        position = this.readLength(piece, position);
        continue;
      }
      const end = this.skipText(piece, position, ascii);
      if (this.elements === 0 && end > position) {
        this.collectOpcode(piece, position, end);
      }
      position = end;
      if (position < piece.length && this.readTerminator(piece[position++])) {
        return position;
      }
    }
    return -1;
  }

  private readLength(piece: Buffer, from: number): number {
    let position = from;
    while (position < piece.length) {
      const byte = piece[position++];
      if (byte === DOT && this.digits > 0) {
        this.inLength = false;
        this.remaining = this.length;
        this.count(this.digits + 1 + this.length);
        return position;
      }
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9 || this.digits === this.limits.lengthDigits) {
        throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'BAD_INSTRUCTION');
      }
      this.length = this.length * 10 + digit;
      this.digits++;
    }
    return position;
  }

  /** Passes over what is left of the element's text in this piece. */
  private skipText(piece: Buffer, from: number, ascii: boolean): number {
    if (ascii) {
      const step = Math.min(this.remaining, piece.length - from);
      this.remaining -= step;
      return from + step;
    }
    let position = from;
    while (position < piece.length) {
      const continues = (piece[position] & 0xc0) === 0x80;
      if (!continues && this.remaining === 0) {
        break;
      }
      if (!continues) {
        this.remaining--;
      }
      position++;
    }
    return position;
  }

  private collectOpcode(piece: Buffer, from: number, to: number): void {
    if (this.opcodeText.length + to - from > LONGEST_OPCODE) {
      throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'OPCODE_TOO_LONG');
    }
    this.opcodeText += opcodeText(piece, from, to);
  }

  /** Reads the byte after an element; true when it ends the instruction. */
  private readTerminator(byte: number): boolean {
    if (byte !== COMMA && byte !== SEMICOLON) {
      throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'BAD_INSTRUCTION');
    }
    this.count(1);
    this.elements++;
    this.inLength = true;
    this.length = 0;
    this.digits = 0;
    if (byte === SEMICOLON) {
      this.elements = 0;
      return true;
    }
    if (this.elements === this.limits.elements) {
      throw violation(GUACAMOLE_STATUS.CLIENT_OVERRUN, 'TOO_MANY_ELEMENTS');
    }
    return false;
  }

  private count(characters: number): void {
    this.characters += characters;
    if (this.characters > this.limits.characters) {
      throw violation(GUACAMOLE_STATUS.CLIENT_OVERRUN, 'INSTRUCTION_TOO_LONG');
    }
  }
}

/** The elements of one whole instruction, opcode first, as `InstructionWalker` has delimited it. */
export function parseInstruction(bytes: Buffer): string[] {
  const characters = Array.from(bytes.toString('utf8'));
  const elements: string[] = [];
  let position = 0;
  while (position < characters.length) {
    const dot = characters.indexOf('.', position);
    const end = dot + 1 + Number(characters.slice(position, dot).join(''));
    elements.push(characters.slice(dot + 1, end).join(''));
    position = end + 1;
  }
  return elements;
}

/** Where one instruction lies in a buffer. */
export interface InstructionSpan {
  readonly opcode: string;
  readonly start: number;
  readonly end: number;
}

/** The instructions of a buffer that holds only whole ones, in order. */
export function* instructionsOf(frame: Buffer, limits: InstructionLimits): Generator<InstructionSpan> {
  const walker = new InstructionWalker(limits);
  const ascii = isAscii(frame);
  for (let start = 0; start < frame.length;) {
    const end = walker.next(frame, start, ascii);
    if (end === -1) {
      throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'PARTIAL_INSTRUCTION');
    }
    yield { opcode: walker.opcode, start, end };
    start = end;
  }
}
