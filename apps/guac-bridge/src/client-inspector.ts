import { GUACAMOLE_STATUS, violation } from './guacd/guacamole-status';
import { encodeInstruction } from './guacd/instruction';
import { CLIENT_LIMITS, instructionsOf, parseInstruction } from './guacd/instruction-parser';
import { CLIPBOARD_STREAM } from './vnc-clipboard/browser-clipboard';

const INTERNAL = '';
const INPUT = new Set(['key', 'mouse', 'touch']);
const VIEWING = ['ack', 'disconnect', 'nop', 'sync'];
const FULL_CONTROL = new Set([
  ...VIEWING,
  ...INPUT,
  ...['audio', 'blob', 'clipboard', 'end', 'file', 'get', 'pipe', 'put', 'size'],
]);
const READ_ONLY = new Set(VIEWING);
/** Opcodes of a text's way to the guest; `blob` and `end` serve other streams too. */
const SENDING = new Set(['clipboard', 'blob', 'end']);
/** A browser's thanks for text that the bridge itself sent: guacd knows nothing of that stream. */
const ACK_OF_BRIDGE = Buffer.from(encodeInstruction('ack', CLIPBOARD_STREAM).replace(';', ','));

/** What one frame of a browser's holds. */
export interface Inspected {
  /** Bytes for guacd, in order; empty when nothing is to go there. */
  readonly forward: Buffer;
  /** The browser's own pings, to be answered with the same bytes. */
  readonly pings: readonly Buffer[];
  /** A key, pointer or touch instruction went through. */
  readonly input: boolean;
  /** Instructions of streams to the guest that went through, in order. */
  readonly streamed: readonly Buffer[];
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
    const streamed: Buffer[] = [];
    let input = false;
    let kept = 0;
    for (const { opcode, start, end } of instructionsOf(frame, CLIENT_LIMITS)) {
      if (opcode === INTERNAL) {
        pings.push(pingOf(frame.subarray(start, end)));
      } else if (!FULL_CONTROL.has(opcode)) {
        throw violation(GUACAMOLE_STATUS.CLIENT_FORBIDDEN, 'OPCODE_NOT_ALLOWED');
      }
      const instruction = frame.subarray(start, end);
      if (this.allowed.has(opcode) && !isAckOfBridge(instruction)) {
        pieces.push(instruction);
        kept += end - start;
        input ||= INPUT.has(opcode);
        if (SENDING.has(opcode)) {
          streamed.push(instruction);
        }
      }
    }
    return { forward: kept === frame.length ? frame : Buffer.concat(pieces, kept), pings, input, streamed };
  }
}

function isAckOfBridge(instruction: Buffer): boolean {
  return instruction.subarray(0, ACK_OF_BRIDGE.length).equals(ACK_OF_BRIDGE);
}

/** The instruction itself, if it is a ping as guacamole-common-js sends it: `0.,4.ping,13.<ms>;`. */
function pingOf(instruction: Buffer): Buffer {
  const [, name, time, ...more] = parseInstruction(instruction);
  if (name !== 'ping' || more.length > 0 || !/^\d{1,20}$/.test(time ?? '')) {
    throw violation(GUACAMOLE_STATUS.CLIENT_BAD_REQUEST, 'INTERNAL_INSTRUCTION');
  }
  return instruction;
}
