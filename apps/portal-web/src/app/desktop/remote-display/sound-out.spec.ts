import type * as GuacamoleTypes from 'guacamole-common-js';
import { blankCanvases } from '../testing/blank-canvas';
import { Guacamole } from './guacamole';
import { SoundOut } from './sound-out';

const L16 = 'audio/L16;rate=44100,channels=2';
/** Half a second of 16 bit stereo. */
const SAMPLES = btoa('\x01\x02'.repeat(44_100));

/** An AudioContext that counts what is played, and may only run after a gesture, like a browser's. */
class FakeContext {
  static last: FakeContext;
  state = 'suspended';
  allowed = false;
  currentTime = 0;
  destination = {};
  played = 0;
  constructor() {
    FakeContext.last = this;
  }
  async resume(): Promise<void> {
    if (!this.allowed) throw new DOMException('no gesture', 'NotAllowedError');
    this.state = 'running';
  }
  createBuffer(channels: number, length: number): object {
    const data = Array.from({ length: channels }, () => new Float32Array(length));
    return { getChannelData: (channel: number) => data[channel] };
  }
  createBufferSource(): object {
    return { connect: () => undefined, start: () => this.played++ };
  }
}

/** A tunnel in a test's hand. */
class Tube extends Guacamole.Tunnel {
  readonly sent: unknown[][] = [];
  constructor() {
    super();
    this.connect = () => (this.state = 1);
    this.sendMessage = (...elements: unknown[]) => this.sent.push(elements);
  }
}

describe('SoundOut', () => {
  const factory = (Guacamole as unknown as { AudioContextFactory: { singleton: FakeContext | null } })
    .AudioContextFactory;
  let tube: Tube;
  let sound: SoundOut;
  let began: number;

  beforeEach(() => {
    blankCanvases();
    factory.singleton = null;
    Object.assign(globalThis, { AudioContext: FakeContext });
    tube = new Tube();
    const client: GuacamoleTypes.Client = new Guacamole.Client(tube);
    began = 0;
    sound = new SoundOut(client, () => began++);
    client.connect('');
  });
  afterEach(() => {
    sound.remove();
    factory.singleton = null;
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, 'AudioContext');
  });

  const say = (...instruction: string[]) => tube.oninstruction?.(instruction[0], instruction.slice(1));
  const gesture = async (kind = 'pointerdown') => {
    FakeContext.last.allowed = true;
    document.dispatchEvent(new Event(kind));
    await Promise.resolve();
  };

  it.each(['pointerdown', 'keydown'])(
    'plays from the first gesture on (%s), and nothing of the time before',
    async (kind) => {
      say('audio', '1', L16);
      expect(tube.sent).toContainEqual(['ack', 1, 'OK', 0]);
      expect(began).toBe(0);
      say('blob', '1', SAMPLES);
      expect(began).toBe(1);
      expect(FakeContext.last.played).toBe(0);
      await gesture(kind);
      expect(FakeContext.last.played).toBe(0);
      say('blob', '1', SAMPLES);
      expect(FakeContext.last.played).toBeGreaterThan(0);
    },
  );

  it('is silent while it is muted, and tells only once that there is sound', async () => {
    sound.mute(true);
    say('audio', '1', L16);
    await gesture();
    say('blob', '1', SAMPLES);
    say('audio', '2', L16);
    say('blob', '2', SAMPLES);
    expect([FakeContext.last.played, began]).toEqual([0, 1]);
    sound.mute(false);
    say('blob', '2', SAMPLES);
    expect(FakeContext.last.played).toBeGreaterThan(0);
  });

  it('tells guacd what it cannot play, and nobody else', () => {
    say('audio', '1', 'audio/ogg');
    expect(tube.sent).toContainEqual(['ack', 1, 'BAD TYPE', 0x30f]);
    expect(began).toBe(0);
  });

  it('tells guacd so in a browser without a player, too', () => {
    Reflect.deleteProperty(globalThis, 'AudioContext');
    say('audio', '1', L16);
    expect(tube.sent).toContainEqual(['ack', 1, 'BAD TYPE', 0x30f]);
    expect(began).toBe(0);
  });

  it('plays exactly what the bridge offers to guacd', () => {
    expect(Guacamole.AudioPlayer.getSupportedTypes()).toEqual(['audio/L8', 'audio/L16']);
  });

  it('does not listen for gestures any more once it is removed', async () => {
    say('audio', '1', L16);
    sound.remove();
    await gesture();
    expect(FakeContext.last.state).toBe('suspended');
  });
});
