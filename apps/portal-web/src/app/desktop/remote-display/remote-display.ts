import type { ConsoleProtocol } from '@beamdesk/contracts';
import type { LineQuality } from './line-meter';

/** What is asked of the bridge: where, with which right, and the size that would suit best, in pixels of the screen. */
export interface DisplayRequest {
  /** Path of the websocket on this origin, as the ticket says. */
  readonly path: string;
  readonly ticket: string;
  /** How guacd reaches the desktop: what keys must be pressed for a character depends on it. */
  readonly protocol: ConsoleProtocol;
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

/** Who hears how a connection goes. Called for every change, never for every frame. */
export interface DisplayListener {
  /** The first picture is drawn: the desktop is on the screen. Once. */
  picture(): void;
  /** The desktop's screen has this size now, in its own pixels. */
  size(width: number, height: number): void;
  /** Data stopped coming for a moment, or comes again. */
  stable(stable: boolean): void;
  /** The desktop's clipboard holds this text now. */
  clipboard(text: string): void;
  /** A sound can be heard, or could be if it were not muted. Once. */
  sound(): void;
  /** The keys that lead out of the display were pressed. */
  escape(): void;
  /** Over, with a Guacamole status (0: ended normally). Once and last; not after `disconnect`. */
  ended(status: number): void;
}

/**
 * How the picture is put into its frame: made to fit, pixel for pixel, or pixel for pixel because the desktop's screen
 * follows the frame; as long as it does not, `match` fits.
 */
export type DisplayFit = 'fit' | 'one-to-one' | 'match';

/** What a finger on the picture is: the pointer itself where it touches, or a hand that pushes the pointer. */
export type TouchMode = 'touchscreen' | 'touchpad';

/** One connection to a desktop, with its picture in a frame of the page. */
export interface DisplayConnection {
  fit(fit: DisplayFit): void;
  touch(mode: TouchMode): void;
  /** Asks for a size of the desktop's screen, in its pixels, where the session carries such wishes (RDP). */
  resize(width: number, height: number): void;
  /** Presses the keys in this order and releases them in reverse; X11 keysyms. */
  pressTogether(...keysyms: number[]): void;
  sendClipboard(text: string): void;
  /** Lets the desktop's sounds pass unheard, or be heard again. */
  mute(muted: boolean): void;
  /** Gives the keyboard to the desktop. `typing` also calls up a tablet's on-screen keyboard. */
  focus(how: 'pointer' | 'typing'): void;
  /** The picture as it is now, as a PNG in the desktop's own pixels. */
  screenshot(): Promise<Blob>;
  /** How the line does now; to be asked about once a second. */
  quality(): LineQuality;
  /** Leaves. The desktop goes on. */
  disconnect(): void;
}

/** Shows a remote desktop in an element of the page. Draws and listens outside Angular's change detection. */
export abstract class RemoteDisplay {
  /** Gets what is needed ready, so that `connect` is quick. */
  abstract load(): Promise<void>;

  /** Connects; the picture of an earlier connection in the same frame stays until the new one has its own. */
  abstract connect(frame: HTMLElement, request: DisplayRequest, listener: DisplayListener): Promise<DisplayConnection>;
}

export const KEYSYM = {
  BACKSPACE: 0xff08,
  TAB: 0xff09,
  RETURN: 0xff0d,
  PRINT: 0xff61,
  F1: 0xffbe,
  CONTROL: 0xffe3,
  ALT: 0xffe9,
  SUPER: 0xffeb,
  DELETE: 0xffff,
} as const;
