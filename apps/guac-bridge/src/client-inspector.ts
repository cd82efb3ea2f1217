import { GUACAMOLE_STATUS, violation } from './guacd/guacamole-status';
import { CLIENT_LIMITS, instructionsOf, parseInstruction } from './guacd/instruction-parser';

const INTERNAL = '';
const INPUT = new Set(['key', 'mouse', 'touch']);
const VIEWING = ['ack', 'disconnect', 'nop', 'sync'];
const FULL_CONTROL = new Set([
  ...VIEWING,
  ...INPUT,
  ...['audio', 'blob', 'clipboard', 'end', 'file', 'get', 'pipe', 'put', 'size'],
]);
const READ_ONLY = new Set(VIEWING);

/** What one frame of a browser's holds. */
export interface Inspected {
  /** Bytes for guacd, in order; empty when nothing is to go there. */
  readonly forward: Buffer;
  /** The browser's own pings, to be answered with the same bytes. */
  readonly pings: readonly Buffer[];
  /** A key, pointer or touch instruction went through. */
  readonly input: boolean;
}

/**
 * Looks at **every** instruction of **every** frame a browser sends: a guest who may only watch can batch `sync;key;`
 * in one frame. Instructions of a browser's part of the protocol pass; those a viewer may not send are left out;
 * anything else, and every internal instruction (empty opcode) but the ping, ends the session.
 */
export class ClientInspector {
  private readonly allowed: ReadonlySet<string>;

  constructor(readOnly: boolean) {
    this.allowed = readOnly ? READ_ONLY : FULL_CONTROL;
  }

  /** Throws ProtocolViolation for a frame that is not made of whole, permitted instructions. */
  inspect(frame: Buffer): Inspected {
    const pieces: Buffer[] = [];
    const pings: Buffer[] = [];
    let input = false;
    let kept = 0;
    for (const { opcode, start, end } of instructionsOf(frame, CLIENT_LIMITS)) {
      if (opcode === INTERNAL) {
        pings.push(pingOf(frame.subarray(start, end)));
      } else if (!FULL_CONTROL.has(opcode)) {
        throw violation(GUACAMOLE_STATUS.CLIENT_FORBIDDEN, 'OPCODE_NOT_ALLOWED');
      }
      if (this.allowed.has(opcode)) {
        pieces.push(frame.subarray(start, end));
        kept += end - start;
        input ||= INPUT.has(opcode);
      }
    }
    return { forward: kept === frame.length ? frame : Buffer.concat(pieces, kept), pings, input };
  }
}

/** The instruction itself, if it is a ping as guacamole-common-js sends it: `0.,4.ping,13.<ms>;`. */
function pingOf(instruction: Buffer): Buffer {
  const [, name, time, ...more] = parseInstruction(instruction);
  if (name !== 'ping' || more.length > 0 || !/^\d{1,20}$/.test(time ?? '')) {
    throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'INTERNAL_INSTRUCTION');
  }
  return instruction;
}
