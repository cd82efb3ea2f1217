import type * as GuacamoleTypes from 'guacamole-common-js';
import { DesktopTunnel } from './desktop-tunnel';
import { firstSize } from './first-size';
import { FittedPicture } from './fitted-picture';
import { Guacamole } from './guacamole';
import { KeyboardSink } from './keyboard-sink';
import { LineMeter, LineQuality } from './line-meter';
import { Pointers } from './pointers';
import { DisplayConnection, DisplayFit, DisplayListener, DisplayRequest, TouchMode } from './remote-display';
import { receivedText } from './received-text';
import { SoundOut } from './sound-out';
import { textKeysyms } from './text-keysyms';
import { typedKey, Typing } from './typed-key';
import { isWayOut } from './way-out';

const SUCCESS = 0x0000;
const TUNNEL_OPEN = 1;
const TUNNEL_CLOSED = 2;
const TUNNEL_UNSTABLE = 3;
const LAYER_OF_IMG = 2;

/**
 * One tunnel with its picture, keyboard, pointer, touch, clipboard and sound. Nothing in here touches a signal or Angular:
 * frames come and are drawn without the page noticing.
 */
export class GuacamoleConnection implements DisplayConnection {
  private readonly meter = new LineMeter();
  private readonly tunnel: DesktopTunnel;
  private readonly client: GuacamoleTypes.Client;
  private readonly picture: FittedPicture;
  private readonly sink: KeyboardSink;
  private readonly pointers: Pointers;
  private readonly sound: SoundOut;
  private readonly pressed = new Set<number>();
  private readonly typing: Typing;
  private imageCame = false;
  private shown = false;
  private status = SUCCESS;
  private over = false;

  constructor(
    frame: HTMLElement,
    request: DisplayRequest,
    private readonly listener: DisplayListener,
  ) {
    this.tunnel = new DesktopTunnel(request.path, this.meter);
    this.client = new Guacamole.Client(this.tunnel);
    const display = this.client.getDisplay();
    this.picture = new FittedPicture(frame, display, (width, height) => listener.size(width, height));
    this.sink = new KeyboardSink(frame, {
      text: (text) => textKeysyms(text).forEach((keysym) => this.type(keysym)),
      key: (keysym) => this.type(keysym),
      left: () => this.releaseKeys(),
    });
    this.watchTunnel();
    this.watchPicture();
    this.listenToKeys();
    this.pointers = new Pointers(display, {
      muted: () => this.picture.zooming,
      send: (state) => this.client.sendMouseState(state, true),
      down: (pointerType) => this.focus(pointerType === 'mouse' ? 'typing' : 'pointer'),
    });
    this.sound = new SoundOut(this.client, () => listener.sound());
    this.client.onclipboard = (stream, type) => receivedText(stream, type, (text) => listener.clipboard(text));
    const { ticket, width, height, dpi, protocol } = request;
    // Until guacd says otherwise, which for a new session it may have said too early to be heard.
    if (protocol === 'rdp') display.resize(display.getDefaultLayer(), ...firstSize(request));
    this.typing = { protocol, altTypes: /^mac/i.test(navigator.platform) };
    const query = new URLSearchParams({ ticket, width: `${width}`, height: `${height}`, dpi: `${dpi}` }).toString();
    this.client.onsync = () => this.meter.drawn();
    this.client.connect(query);
  }

  fit(fit: DisplayFit): void {
    this.picture.fit(fit);
  }

  touch(mode: TouchMode): void {
    this.pointers.touch(mode);
  }

  resize(width: number, height: number): void {
    this.client.sendSize(width, height);
  }

  pressTogether(...keysyms: number[]): void {
    keysyms.forEach((keysym) => this.client.sendKeyEvent(1, keysym));
    keysyms.reverse().forEach((keysym) => this.client.sendKeyEvent(0, keysym));
  }

  mute(muted: boolean): void {
    this.sound.mute(muted);
  }

  sendClipboard(text: string): void {
    const writer = new Guacamole.StringWriter(this.client.createClipboardStream('text/plain'));
    writer.sendText(text);
    writer.sendEnd();
  }

  focus(how: 'pointer' | 'typing'): void {
    this.sink.focus(how);
  }

  screenshot(): Promise<Blob> {
    const canvas = this.client.getDisplay().flatten();
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no picture'))), 'image/png');
    });
  }

  quality(): LineQuality {
    return this.meter.quality();
  }

  disconnect(): void {
    if (!this.over) {
      this.over = true;
      this.client.disconnect();
    }
    this.sink.remove();
    this.sound.remove();
    this.picture.remove();
  }

  private watchTunnel(): void {
    this.tunnel.onerror = (status) => (this.status = status.code);
    this.client.onerror = (status) => (this.status = status.code);
    this.tunnel.onstatechange = (state) => {
      if (this.over) {
        return;
      }
      if (state === TUNNEL_OPEN || state === TUNNEL_UNSTABLE) {
        this.listener.stable(state === TUNNEL_OPEN);
      } else if (state === TUNNEL_CLOSED) {
        this.end();
      }
    };
  }

  /** The last picture stays where it is: the page puts its words over it, and the next connection replaces it. */
  private end(): void {
    this.over = true;
    this.sink.remove();
    this.sound.remove();
    this.picture.freeze();
    this.client.disconnect();
    this.listener.ended(this.status);
  }

  /** guacd 1.6 sends a sync before any pixel: the picture is there with the first image on the default layer. */
  private watchPicture(): void {
    const handle = this.tunnel.oninstruction;
    this.tunnel.oninstruction = (opcode, parameters) => {
      handle?.(opcode, parameters);
      if (!this.shown && opcode === 'img' && parameters[LAYER_OF_IMG] === '0') {
        this.imageCame = true;
      } else if (!this.shown && this.imageCame && opcode === 'sync') {
        this.shown = true;
        this.client.getDisplay().flush(() => this.present());
        this.tunnel.oninstruction = handle;
      }
    };
  }

  private present(): void {
    if (!this.over) {
      this.picture.show();
      this.listener.picture();
    }
  }

  private listenToKeys(): void {
    const keyboard = new Guacamole.Keyboard(this.sink.element);
    keyboard.onkeydown = (keysym) => {
      this.pressed.add(keysym);
      if (isWayOut([...this.pressed])) {
        keyboard.reset();
        this.listener.escape();
        return;
      }
      this.press(keysym);
    };
    keyboard.onkeyup = (keysym) => {
      this.pressed.delete(keysym);
      this.client.sendKeyEvent(0, keysym);
    };
    this.releaseKeys = () => keyboard.reset();
  }

  private press(keysym: number): void {
    typedKey(this.typing, keysym, this.pressed).forEach(([pressed, key]) => this.client.sendKeyEvent(pressed, key));
  }

  private type(keysym: number): void {
    this.press(keysym);
    this.client.sendKeyEvent(0, keysym);
  }

  private releaseKeys: () => void = () => undefined;
}
