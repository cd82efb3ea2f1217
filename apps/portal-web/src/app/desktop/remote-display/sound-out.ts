import type * as GuacamoleTypes from 'guacamole-common-js';
import { Guacamole, audioContext } from './guacamole';

/**
 * Plays the sounds of a desktop. Browsers let a page be heard only after somebody has touched it, and a player that is fed
 * before that, or while it is muted, would play all of it at once later: until then sounds pass unheard.
 */
export class SoundOut {
  private muted = false;
  private listens = false;
  private told = false;
  private readonly over = new AbortController();

  /** `began` is called once, with the first samples that can be played: guacd announces its stream before anything sounds. */
  constructor(
    private readonly client: GuacamoleTypes.Client,
    private readonly began: () => void,
  ) {
    client.onaudio = (stream, mimetype) => this.play(stream, mimetype);
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (!muted && this.listens) this.wakeUp();
  }

  /** Ends the listening for gestures; what is being played ends with its stream. */
  remove(): void {
    this.over.abort();
  }

  /** Null where the browser cannot play it: guacd then hears so, and sends none of it. */
  private play(stream: GuacamoleTypes.InputStream, mimetype: string): GuacamoleTypes.AudioPlayer | null {
    const gate = new Guacamole.InputStream(this.client, stream.index);
    const player = Guacamole.AudioPlayer.getInstance(gate, mimetype);
    if (!player) return null;
    stream.onblob = (data) => {
      this.tell();
      if (!this.muted && audioContext()?.state === 'running') gate.onblob?.(data);
    };
    stream.onend = () => gate.onend?.();
    if (!this.listens) {
      this.listens = true;
      this.listenForGestures();
    }
    return player;
  }

  private tell(): void {
    if (this.told) return;
    this.told = true;
    this.began();
  }

  private listenForGestures(): void {
    const listening = { capture: true, passive: true, signal: this.over.signal };
    ['pointerdown', 'keydown'].forEach((gesture) => document.addEventListener(gesture, () => this.wakeUp(), listening));
    this.wakeUp();
  }

  /** Before a gesture this is refused, or waits for one. */
  private wakeUp(): void {
    const context = audioContext();
    if (context && context.state !== 'running') void context.resume().catch(() => undefined);
  }
}
