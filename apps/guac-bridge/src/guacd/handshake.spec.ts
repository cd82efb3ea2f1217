import { Handshake, HandshakeRequest } from './handshake';
import { GUACD_LIMITS, instructionsOf, parseInstruction } from './instruction-parser';

const ARGS_1_3 = ['VERSION_1_3_0', 'hostname', 'port', 'read-only', 'password', 'cursor'];
const ARGS_1_6 = ['VERSION_1_5_0', 'read-only', 'port', 'password', 'hostname', 'compress-level'];
const REQUEST: HandshakeRequest = {
  select: 'vnc',
  size: { width: 1024, height: 768, dpi: 96 },
  userName: 'Zoë 😀',
  readOnly: false,
  parameters: { hostname: '127.0.0.1', port: '5901', password: 'p,ss;wörd', 'unknown-to-guacd': 'x' },
};

function answersTo(args: string[], more: Partial<HandshakeRequest> = {}): Record<string, string[]> {
  const wire = Buffer.from(new Handshake({ ...REQUEST, ...more }).receive(['args', ...args]));
  const all = Array.from(instructionsOf(wire, GUACD_LIMITS), ({ start, end }) =>
    parseInstruction(wire.subarray(start, end)),
  );
  return Object.fromEntries(all.map(([opcode, ...values]) => [opcode, values]));
}

describe('Handshake', () => {
  it('begins with the protocol, or the connection to join', () => {
    expect(new Handshake(REQUEST).open()).toBe('6.select,3.vnc;');
    expect(new Handshake({ ...REQUEST, select: '$a-b' }).open()).toBe('6.select,4.$a-b;');
  });

  it.each([
    ['1.3', ARGS_1_3, ['VERSION_1_3_0', '127.0.0.1', '5901', '', 'p,ss;wörd', '']],
    ['1.6', ARGS_1_6, ['VERSION_1_5_0', '', '5901', 'p,ss;wörd', '127.0.0.1', '']],
  ])('gives guacd %s its values by name, in the order it asked', (_version, args, values) => {
    expect(answersTo(args)).toEqual({
      size: ['1024', '768', '96'],
      audio: ['audio/L8', 'audio/L16'],
      video: [],
      image: ['image/png', 'image/jpeg', 'image/webp'],
      name: ['Zo? ?'],
      connect: values,
    });
  });

  it.each([
    [
      '1.3',
      ['VERSION_1_3_0', 'hostname', 'port', 'domain', 'username', 'password', 'width', 'height', 'dpi', 'read-only'],
    ],
    ['1.6', ['VERSION_1_5_0', 'hostname', 'port', 'timeout', 'domain', 'username', 'password', 'width', 'read-only']],
  ])(
    'is not put off by what guacd %s asks for beyond that, in the middle of what it asks for RDP',
    (_version, args) => {
      const parameters = { hostname: '127.0.0.1', port: '3389', username: 'user', password: 'geheim' };
      const values = answersTo(args, { select: 'rdp', parameters, readOnly: true })['connect'];
      expect(values).toHaveLength(args.length);
      const told = Object.fromEntries(args.map((name, index) => [name, values[index]]));
      expect(told).toMatchObject({ ...parameters, 'read-only': 'true', domain: '', width: '' });
    },
  );

  it('says read-only to guacd itself, whatever the parameters say', () => {
    const parameters = { ...REQUEST.parameters, 'read-only': 'false' };
    expect(answersTo(ARGS_1_3, { readOnly: true, parameters })['connect'][3]).toBe('true');
  });

  it('sends no name to a guacd older than 1.3, and treats a first argument that is no version as a name', () => {
    expect(answersTo(['VERSION_1_1_0', 'hostname'])).not.toHaveProperty('name');
    expect(answersTo(['hostname', 'port'])['connect']).toEqual(['127.0.0.1', '5901']);
  });

  it('is not fooled by an argument that is called like a method of every object', () => {
    expect(answersTo(['VERSION_1_3_0', 'constructor', 'toString'])['connect']).toEqual(['VERSION_1_3_0', '', '']);
  });

  it('keeps the connection id', () => {
    const handshake = new Handshake(REQUEST);
    handshake.receive(['args', ...ARGS_1_3]);
    expect(handshake.connectionId).toBeNull();
    handshake.receive(['ready', '$the-id']);
    expect(handshake.connectionId).toBe('$the-id');
  });

  it('refuses ready before args, args twice, and anything else', () => {
    expect(() => new Handshake(REQUEST).receive(['ready', '$x'])).toThrow('GUACD_HANDSHAKE');
    const handshake = new Handshake(REQUEST);
    handshake.receive(['args', ...ARGS_1_3]);
    expect(() => handshake.receive(['args', ...ARGS_1_3])).toThrow('GUACD_HANDSHAKE');
    expect(() => handshake.receive(['required', 'password'])).toThrow('GUACD_HANDSHAKE');
  });
});
