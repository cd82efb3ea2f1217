import { SessionFigures } from './session-lease';

/** Counts what a session moves, as it is told to the portal. */
export class Traffic implements SessionFigures {
  bytesToClient = 0;
  bytesFromClient = 0;
  lastInputAt: number | null = null;

  /** Instructions for the browser. */
  sent(bytes: number): void {
    this.bytesToClient += bytes;
  }

  /** Instructions of the browser; `input` says that a key, pointer or touch is among them. */
  received(bytes: number, input: boolean): void {
    this.bytesFromClient += bytes;
    this.lastInputAt = input ? Date.now() : this.lastInputAt;
  }
}
