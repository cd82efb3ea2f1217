import { LIMITS } from '../limits';
import { Ending, GUACAMOLE_STATUS, ProtocolViolation } from './guacamole-status';
import { GuacdSocket } from './guacd-socket';
import { encodeInstruction } from './instruction';
import { InstructionFramer } from './instruction-framer';

/** Who hears what guacd sends. */
export interface GuacdListener {
  /** Opcode of each instruction, before the frames that came with it. */
  guacdOpcode(opcode: string): void;
  /** Frames of whole instructions, all that have arrived. A ProtocolViolation it throws ends the connection. */
  guacdFrames(frames: readonly Buffer[]): void;
  /** guacd takes input again after `send` returned false. */
  guacdDrained(): void;
  /** guacd is gone, or broke the protocol. Comes once and last. */
  guacdEnded(ending: Ending): void;
}

/**
 * One connection to guacd: bytes to frames of whole instructions, with back-pressure both ways. guacd has no
 * authentication of its own, so only addresses of the settings or the internal api ever come here.
 */
export class GuacdConnection {
  private readonly framer: InstructionFramer;
  private live = true;

  constructor(
    private readonly guacd: GuacdSocket,
    private readonly listener: GuacdListener,
  ) {
    this.framer = new InstructionFramer((opcode) => listener.guacdOpcode(opcode));
    const gone = (): void => this.lose({ status: GUACAMOLE_STATUS.UPSTREAM_UNAVAILABLE, reason: 'GUACD_GONE' });
    guacd.onPiece = (piece) => this.receive(piece);
    const { socket } = guacd;
    socket.on('drain', () => this.live && listener.guacdDrained());
    socket.on('error', gone);
    socket.on('end', gone);
    socket.on('close', gone);
  }

  /** False when guacd does not keep up: send no more until `guacdDrained`. */
  send(data: Buffer): boolean {
    return !this.live || this.guacd.socket.write(data);
  }

  /** Stops reading, which makes guacd wait. */
  pause(): void {
    this.guacd.socket.pause();
  }

  resume(): void {
    this.guacd.socket.resume();
  }

  /** Ends this side's part in the connection; the listener hears nothing more. */
  finish(): void {
    if (this.live) {
      this.live = false;
      this.guacd.socket.end(encodeInstruction('disconnect'));
    }
    this.guacd.socket.resume();
    setTimeout(() => this.guacd.socket.destroy(), LIMITS.closing).unref();
  }

  private receive(piece: Buffer): void {
    if (!this.live) {
      return;
    }
    try {
      const frames = this.framer.push(piece);
      if (frames.length > 0) {
        this.listener.guacdFrames(frames);
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) {
        throw error;
      }
      this.lose(error.ending);
    }
  }

  private lose(ending: Ending): void {
    if (this.live) {
      this.live = false;
      this.guacd.socket.destroy();
      this.listener.guacdEnded(ending);
    }
  }
}
