import { ClientInspector } from './client-inspector';
import { encodeInstruction } from './guacd/instruction';
import { CLIPBOARD_STREAM } from './vnc-clipboard/browser-clipboard';

const SYNC = encodeInstruction('sync', '1');
const KEY = encodeInstruction('key', '65', '1');
const MOUSE = encodeInstruction('mouse', '1', '2', '0');
const PING = encodeInstruction('', 'ping', '1763718847123');

function inspect(readOnly: boolean, wire: string): { forward: string; pings: string[]; input: boolean } {
  const { forward, pings, input } = new ClientInspector(readOnly).inspect(Buffer.from(wire));
  return { forward: forward.toString(), pings: pings.map(String), input };
}

describe('ClientInspector', () => {
  it('lets a full user work', () => {
    expect(inspect(false, SYNC + KEY + MOUSE)).toEqual({ forward: SYNC + KEY + MOUSE, pings: [], input: true });
  });

  it.each(['key', 'mouse', 'touch', 'clipboard', 'blob', 'end', 'put', 'get', 'file', 'pipe', 'audio', 'size'])(
    'drops %s of a viewer wherever it stands in a frame',
    (opcode) => {
      const input = encodeInstruction(opcode, '0', '1');
      expect(inspect(true, SYNC + input + SYNC)).toEqual({ forward: SYNC + SYNC, pings: [], input: false });
      expect(inspect(true, input + SYNC).forward).toBe(SYNC);
    },
  );

  it('names the instructions of streams to the guest, of those that went through', () => {
    const stream = ['clipboard', 'blob', 'end'].map((opcode) => encodeInstruction(opcode, '0', 'x'));
    const streamed = (readOnly: boolean): string[] =>
      new ClientInspector(readOnly).inspect(Buffer.from(KEY + stream.join(MOUSE))).streamed.map(String);
    expect(streamed(false)).toEqual(stream);
    expect(streamed(true)).toEqual([]);
  });

  it('keeps from guacd the acknowledgement of a stream of the bridge, and only that', () => {
    const own = encodeInstruction('ack', CLIPBOARD_STREAM, 'OK', '0');
    const other = encodeInstruction('ack', '10', 'OK', '0');
    expect(inspect(false, other + own + SYNC).forward).toBe(other + SYNC);
  });

  it('answers pings itself and forwards the rest', () => {
    expect(inspect(false, PING + KEY)).toEqual({ forward: KEY, pings: [PING], input: true });
  });

  it.each([
    ['a forged tunnel id', encodeInstruction('', 'c0ffee')],
    ['an internal instruction without arguments', encodeInstruction('')],
    ['a ping with text', encodeInstruction('', 'ping', 'x'.repeat(4000))],
    ['a ping with more', encodeInstruction('', 'ping', '1', '2')],
  ])('ends the session for %s', (_name, wire) => {
    expect(() => inspect(false, SYNC + wire)).toThrow('INTERNAL_INSTRUCTION');
  });

  it.each(['select', 'connect', 'ready', 'error', 'argv', 'name', 'img'])('ends the session for %s', (opcode) => {
    expect(() => inspect(false, SYNC + encodeInstruction(opcode, 'x'))).toThrow('OPCODE_NOT_ALLOWED');
    expect(() => inspect(true, SYNC + encodeInstruction(opcode, 'x'))).toThrow('OPCODE_NOT_ALLOWED');
  });

  it('ends the session for a frame that ends inside an instruction', () => {
    expect(() => inspect(false, `${KEY}3.ke`)).toThrow('PARTIAL_INSTRUCTION');
    expect(() => inspect(false, `${KEY}3.key`)).toThrow('PARTIAL_INSTRUCTION');
  });
});
