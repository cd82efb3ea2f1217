import { GuacdConnection, GuacdListener } from './connection';
import { Ending, GUACAMOLE_STATUS, violation } from './guacamole-status';
import { GuacdSocket } from './guacd-socket';
import { errorStatus, Handshake, HandshakeRequest } from './handshake';
import { GUACD_LIMITS, instructionsOf, InstructionSpan, parseInstruction } from './instruction-parser';

const DEFAULT_LAYER = '0';
const LAYER_OF_IMG = 3;
const NOTHING = Buffer.alloc(0);

/** Who hears how a session at guacd goes. */
export interface GuacdSessionListener {
  /** guacd is ready; others may join by this id. Before any relayed frame. */
  guacdReady(connectionId: string): void;
  /** Frames of whole instructions for the browser. `args` and `ready` are never among them. */
  guacdFrames(frames: readonly Buffer[]): void;
  /** The first image on the default layer is in the frames just given: the desktop is there. */
  guacdPicture(): void;
  guacdDrained(): void;
  /** Comes once and last; with guacd's own status where it sent an error. */
  guacdEnded(ending: Ending): void;
}

/**
 * One session at guacd: shakes hands, then hands on what guacd sends, reading only the few instructions that matter.
 */
export class GuacdSession implements GuacdListener {
  private readonly connection: GuacdConnection;
  private readonly handshake: Handshake;
  private lookInside = false;
  private pictureSeen = false;

  constructor(
    guacd: GuacdSocket,
    request: HandshakeRequest,
    private readonly listener: GuacdSessionListener,
  ) {
    this.handshake = new Handshake(request);
    this.connection = new GuacdConnection(guacd, this);
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

  guacdFrames(frames: readonly Buffer[]): void {
    const relayed = this.ready
      ? frames
      : frames.map((frame) => this.relayedOf(frame)).filter(({ length }) => length > 0);
    if (relayed.length > 0) {
      this.listener.guacdFrames(relayed);
    }
    if (this.lookInside) {
      this.lookInside = false;
      relayed.forEach((frame) => this.look(frame));
    }
  }

  guacdDrained(): void {
    this.listener.guacdDrained();
  }

  guacdEnded(ending: Ending): void {
    this.listener.guacdEnded(ending);
  }

  private relayedOf(frame: Buffer): Buffer {
    return this.ready ? frame : this.shakeHands(frame);
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

  /** After an error guacd keeps the connection open until somebody tires of it: that is the end of the session here. */
  private look(frame: Buffer): void {
    for (const span of instructionsOf(frame, GUACD_LIMITS)) {
      switch (span.opcode) {
        case 'error':
          throw violation(errorStatus(elementsOf(frame, span).slice(1)), 'GUACD_ERROR');
        case 'disconnect':
          throw violation(GUACAMOLE_STATUS.SUCCESS, 'GUACD_DISCONNECT');
        case 'required':
          throw violation(GUACAMOLE_STATUS.UPSTREAM_ERROR, 'CONSOLE_ASKS_CREDENTIALS');
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
