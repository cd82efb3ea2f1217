import { blankCanvases } from '../testing/blank-canvas';
import { DesktopTunnel } from './desktop-tunnel';
import { Guacamole } from './guacamole';
import { LineMeter } from './line-meter';

const UUID = '0.,36.7b0c7b1e-3a52-4f0e-9d0a-6f7a3f3f9a11;';
const [CONNECTING, OPEN, CLOSED, UNSTABLE] = [0, 1, 2, 3];

class Wire {
  static last: Wire;
  readonly sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Wire.last = this;
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  say(data: string): void {
    this.onmessage?.({ data });
  }
}

describe('DesktopTunnel', () => {
  const native = globalThis.WebSocket;
  let tunnel: DesktopTunnel;
  let meter: LineMeter;
  let heard: string[][];
  let states: number[];
  let errors: number[];

  beforeEach(() => {
    jest.useFakeTimers();
    globalThis.WebSocket = Wire as unknown as typeof WebSocket;
    meter = new LineMeter(() => Date.now());
    tunnel = new DesktopTunnel('/desktop', meter);
    [heard, states, errors] = [[], [], []];
    tunnel.oninstruction = (opcode, parameters) => heard.push([opcode, ...(parameters as string[])]);
    tunnel.onstatechange = (state) => states.push(state);
    tunnel.onerror = ({ code }) => errors.push(code);
    tunnel.connect('ticket=T1');
  });
  afterEach(() => {
    globalThis.WebSocket = native;
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('opens the websocket of this origin and is open with the id of the tunnel', () => {
    expect([Wire.last.url, Wire.last.protocol]).toEqual(['ws://localhost/desktop?ticket=T1', 'guacamole']);
    tunnel.sendMessage('nop');
    expect(Wire.last.sent).toEqual([]);
    Wire.last.say(UUID);
    expect([tunnel.uuid, states]).toEqual(['7b0c7b1e-3a52-4f0e-9d0a-6f7a3f3f9a11', [CONNECTING, OPEN]]);
    expect(heard).toEqual([]);
  });

  it('reads every instruction of a frame, whatever their text holds', () => {
    Wire.last.say(`${UUID}4.name,11.a;b,c.4.x;y,0.;4.sync,2.42;`);
    Wire.last.say('3.nop;');
    expect(heard).toEqual([['name', 'a;b,c.4.x;y', ''], ['sync', '42'], ['nop']]);
  });

  it.each(['4.sync,2.4', '4.sync', 'sync;', '9.sync,1.1;', '-1.a;'])('ends at half an instruction: %s', (frame) => {
    Wire.last.say(UUID);
    Wire.last.say(frame);
    expect([errors, states.at(-1), Wire.last.closed]).toEqual([[0x200], CLOSED, true]);
  });

  it('hears nothing more of a frame in which the other end said goodbye', () => {
    tunnel.oninstruction = (opcode) => {
      heard.push([opcode]);
      tunnel.disconnect();
    };
    Wire.last.say(`${UUID}5.error,1.x,3.519;4.sync,1.1;`);
    expect([heard, errors]).toEqual([[['error']], []]);
  });

  it('counts code points in what it sends, as guacd does', () => {
    Wire.last.say(UUID);
    tunnel.sendMessage('name', 'a😀ß', 7);
    expect(Wire.last.sent.at(-1)).toBe('4.name,3.a😀ß,1.7;');
  });

  it('pings twice a second, one at a time, and lets the meter see the answers', () => {
    Wire.last.say(UUID);
    for (let answered = 0; answered < 4; answered++) {
      const ping = `0.,4.ping,13.${Date.now()};`;
      expect(Wire.last.sent).toHaveLength(answered + 1);
      expect(Wire.last.sent.at(-1)).toBe(ping);
      jest.advanceTimersByTime(30);
      Wire.last.say(ping);
      jest.advanceTimersByTime(470);
    }
    expect(meter.quality().latencyMs).toBe(30);
    jest.advanceTimersByTime(10_000);
    expect(Wire.last.sent).toHaveLength(5);
  });

  it('pings when something comes, too: in a hidden tab clocks hardly run', () => {
    Wire.last.say(UUID);
    Wire.last.say(Wire.last.sent[0]);
    jest.setSystemTime(Date.now() + 5_000);
    Wire.last.say('3.nop;');
    expect(Wire.last.sent).toHaveLength(2);
  });

  it('is unstable after 1.5 s of silence, stable with the next sign of life, and lost after 15 s', () => {
    Wire.last.say(UUID);
    jest.advanceTimersByTime(1_400);
    expect(states.at(-1)).toBe(OPEN);
    jest.advanceTimersByTime(500);
    expect(states.at(-1)).toBe(UNSTABLE);
    Wire.last.say('3.nop;');
    expect(states.at(-1)).toBe(OPEN);
    jest.advanceTimersByTime(15_250);
    expect([states.at(-1), errors, Wire.last.closed]).toEqual([CLOSED, [0x202], true]);
  });

  it('does not wait for ever for a websocket that never opens', () => {
    jest.advanceTimersByTime(15_000);
    expect([states, errors]).toEqual([[CONNECTING, CLOSED], [0x202]]);
  });

  it.each([
    [1011, '520', [520]],
    [1000, '0', []],
    [1012, '', [0x208]],
    [1006, '', [0x207]],
  ])('takes the status of a close %d from its reason "%s", or from its code', (code, reason, expected) => {
    Wire.last.say(UUID);
    Wire.last.onclose?.({ code, reason });
    expect([errors, states.at(-1)]).toEqual([expected, CLOSED]);
  });

  it('carries a client of the library', () => {
    blankCanvases();
    const client = new Guacamole.Client(tunnel);
    const names: string[] = [];
    client.onname = (name) => names.push(name);
    client.connect('ticket=T2');
    Wire.last.say(`${UUID}4.name,3.Ada;`);
    client.sendKeyEvent(1, 65);
    expect(names).toEqual(['Ada']);
    client.disconnect();
    expect(Wire.last.sent.slice(-2)).toEqual(['3.key,2.65,1.1;', '10.disconnect;']);
    expect(Wire.last.closed).toBe(true);
  });
});
