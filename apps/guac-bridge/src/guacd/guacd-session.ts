import { Socket } from 'node:net';
import { GuacdConnection, GuacdListener } from './connection';
import { Ending, GUACAMOLE_STATUS, ProtocolViolation } from './guacamole-status';
import { errorStatus, Handshake, HandshakeRequest } from './handshake';
import { GUACD_LIMITS, instructionsOf, InstructionSpan, parseInstruction } from './instruction-parser';

const DEFAULT_LAYER = '0';
const LAYER_OF_IMG = 3;
const NOTHING = Buffer.alloc(0);

/** Who hears how a session at guacd goes. */
export interface GuacdSessionListener {
  /** guacd is ready; others may join by this id. Before any relayed frame. */
  guacdReady(connectionId: string): void;
  /** Whole instructions for the browser. `args` and `ready` are never among them. */
  guacdFrame(frame: Buffer): void;
  /** The first image on the default layer is in the frame just given: the desktop is there. */
  guacdPicture(): void;
  guacdDrained(): void;
  /** Comes once and last; with guacd's own status where it sent an error. */
  guacdEnded(ending: Ending): void;
}

/** One session at guacd: shakes hands, then hands on what guacd sends, reading only the few instructions that matter. */
export class GuacdSession implements GuacdListener {
  private readonly connection: GuacdConnection;
  private readonly handshake: Handshake;
  private lookInside = false;
  private pictureSeen = false;
  private lastWord: Ending | null = null;

  constructor(
    socket: Socket,
    request: HandshakeRequest,
    private readonly listener: GuacdSessionListener,
  ) {
    this.handshake = new Handshake(request);
    this.connection = new GuacdConnection(socket, this);
    this.connection.send(Buffer.from(this.handshake.open()));
  }

  /** True once guacd takes a user's instructions. */
  get ready(): boolean {
    return this.handshake.connectionId !== null;
  }

  /** Hands a browser's instructions to guacd; false when guacd does not keep up. */
  send(data: Buffer): boolean {
    return this.connection.send(data);
  }

  pause(): void {
    this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  finish(): void {
    this.connection.finish();
  }

  guacdOpcode(opcode: string): void {
    this.lookInside ||=
      opcode === 'error' || opcode === 'disconnect' || opcode === 'required' || (opcode === 'img' && !this.pictureSeen);
  }

  guacdFrame(frame: Buffer): void {
    const relayed = this.ready ? frame : this.shakeHands(frame);
    if (relayed.length > 0) {
      this.listener.guacdFrame(relayed);
    }
    if (this.lookInside) {
      this.lookInside = false;
      this.look(relayed);
    }
  }

  guacdDrained(): void {
    this.listener.guacdDrained();
  }

  guacdEnded(ending: Ending): void {
    this.listener.guacdEnded(this.lastWord ?? ending);
  }

  /** Works through the opening dialogue; returns what is for the browser. */
  private shakeHands(frame: Buffer): Buffer {
    for (const span of instructionsOf(frame, GUACD_LIMITS)) {
      if (span.opcode === 'error') {
        return frame.subarray(span.start);
      }
      const reply = this.handshake.receive(elementsOf(frame, span));
      if (reply) {
        this.connection.send(Buffer.from(reply));
      }
      if (this.handshake.connectionId !== null) {
        this.listener.guacdReady(this.handshake.connectionId);
        return frame.subarray(span.end);
      }
    }
    return NOTHING;
  }

  private look(frame: Buffer): void {
    for (const span of instructionsOf(frame, GUACD_LIMITS)) {
      switch (span.opcode) {
        case 'error':
          this.lastWord = { status: errorStatus(elementsOf(frame, span).slice(1)), reason: 'GUACD_ERROR' };
          break;
        case 'disconnect':
          this.lastWord ??= { status: GUACAMOLE_STATUS.SUCCESS, reason: 'GUACD_DISCONNECT' };
          break;
        case 'required':
          throw new ProtocolViolation({ status: GUACAMOLE_STATUS.UPSTREAM_ERROR, reason: 'CONSOLE_ASKS_CREDENTIALS' });
        case 'img':
          this.picture(elementsOf(frame, span));
      }
    }
  }

  private picture(img: readonly string[]): void {
    if (!this.pictureSeen && img[LAYER_OF_IMG] === DEFAULT_LAYER) {
      this.pictureSeen = true;
      this.listener.guacdPicture();
    }
  }
}

function elementsOf(frame: Buffer, { start, end }: InstructionSpan): string[] {
  return parseInstruction(frame.subarray(start, end));
}
