import { createServer, Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayLeave } from './frame-filter';
import { FrameSplitter } from './frame-splitter';
import { ownAddresses } from './own-addresses';
import { Passt, startPasst } from './passt';
import { addressOf, covers, ownRanges, PRIVATE, Range, rangeOf } from './ranges';
import { relay } from './relay';
import { resolversOf } from './resolvers';
import { frameTo, onStream, pair } from './testing/raw-guest';

const rules = { closed: ['192.0.2.2', ...PRIVATE].map(rangeOf), names: [addressOf('10.1.1.53') ?? 0] };

describe('a frame of a guest', () => {
  it.each([
    ['goes to the world', frameTo({ to: '198.51.100.7' })],
    ['asks for a hardware address', frameTo({ to: '127.0.0.1', type: 0x0806 })],
    ['asks for an address', frameTo({ to: '255.255.255.255', port: 67, protocol: 17 })],
    ['asks for a name', frameTo({ to: '10.1.1.53', port: 53, protocol: 17 })],
    ['asks for a long name', frameTo({ to: '10.1.1.53', port: 53 })],
    ['asks whether somebody is there', frameTo({ to: '198.51.100.7', protocol: 1 })],
  ])('that %s may leave', (_, frame) => expect(mayLeave(frame, rules)).toBe(true));

  it.each([
    ['the host’s loopback', { to: '127.0.0.1' }],
    ['another address of that', { to: '127.8.9.1', protocol: 17 }],
    ['the host’s own address', { to: '192.0.2.2' }],
    ['what the site closed', { to: '10.9.8.7' }],
    ['no address, which the host takes for itself', { to: '0.0.0.0' }],
    ['where clouds keep their secrets', { to: '169.254.169.254' }],
    ['everybody', { to: '255.255.255.255', port: 111, protocol: 17 }],
    ['many', { to: '224.0.0.251', port: 5353, protocol: 17 }],
    ['the gateway', { to: '10.0.3.2' }],
    ['another port of the name server', { to: '10.1.1.53', port: 22 }],
    ['the name server by ICMP', { to: '10.1.1.53', port: 53, protocol: 1 }],
    ['the name server in parts', { to: '10.1.1.53', port: 53, protocol: 17, fragment: 0x2000 }],
    ['the world with options', { to: '198.51.100.7', options: true }],
    ['the world with another protocol', { to: '198.51.100.7', protocol: 47 }],
    ['the world by IPv6', { to: '198.51.100.7', type: 0x86dd }],
    ['the world with a VLAN’s tag', { to: '198.51.100.7', type: 0x8100 }],
  ])('that goes to %s may not', (_, words) => expect(mayLeave(frameTo(words), rules)).toBe(false));

  it.each([0, 13, 14, 33])('of %d bytes may not', (length) => {
    expect(mayLeave(frameTo({ to: '198.51.100.7' }).subarray(0, length), rules)).toBe(false);
  });
});

describe('frames', () => {
  it('are found however the stream is cut', () => {
    const all = Buffer.concat([frameTo({ to: '198.51.100.7' }), frameTo({ to: '10.0.0.1', options: true })].map(onStream));
    for (let size = 1; size <= all.length; size++) {
      const splitter = new FrameSplitter();
      const found: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) found.push(...splitter.push(all.subarray(at, at + size)));
      expect(Buffer.concat(found)).toEqual(all);
      expect(found).toHaveLength(2);
    }
  });

  it.each([0, 65_550, 0xffffffff])('of %d bytes are none', (length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => new FrameSplitter().push(head)).toThrow('a frame of');
  });

  it('end the guest’s way when they are none', () => {
    const [guest, near] = pair();
    const [world] = pair();
    relay(near, world, () => ({ closed: [], names: [] }));
    guest.write(Buffer.alloc(8));
    return new Promise<void>((done) => world.on('close', done));
  });
});

describe('ranges', () => {
  it.each(['10.0.0.0/33', '10.0.0', '10.0.0.256', '10.0.0.0/8/8', '::1', ''])('are not %p', (text) => expect(() => rangeOf(text)).toThrow());

  it('begin where their bits say', () => {
    expect(rangeOf('10.1.2.3/8')).toEqual({ from: addressOf('10.0.0.0'), to: addressOf('10.255.255.255') });
    expect(rangeOf('0.0.0.0/0')).toEqual({ from: 0, to: 0xffffffff });
  });

  it('of this host are all it answers to', () => {
    const own = ownAddresses()();
    const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ family }) => family === 'IPv4'));
    for (const { address } of addresses) expect(covers(own, addressOf(address) ?? 0)).toBe(true);
    expect(covers(own, addressOf('198.51.100.7') ?? 0)).toBe(false);
    expect(() => ownRanges('')).toThrow('no address');
  });
});

describe('name servers', () => {
  it('are those of the host that are not the host itself', () => {
    const own = ['192.0.2.2'].map(rangeOf);
    const stub = '# by systemd\nnameserver 127.0.0.53\nnameserver 192.0.2.2\nsearch site.example\n';
    expect(resolversOf([stub, 'nameserver 10.1.1.53\nnameserver 2001:db8::53\nnameserver\t10.1.1.54\nnameserver 10.1.1.53\n'], own)).toEqual(['10.1.1.53', '10.1.1.54']);
    expect(resolversOf([stub, ''], own)).toEqual([]);
    expect(resolversOf(['nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4'], own)).toHaveLength(3);
  });
});

describe('through passt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outbound-'));
  let server: Server;
  let port = 0;
  let reached: string[] = [];
  const started: Passt[] = [];
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter((each) => each.family === 'IPv4' && !each.internal));
  const address = own[0]?.address ?? 'none';

  beforeAll(async () => {
    server = createServer((socket) => {
      reached.push(socket.localAddress ?? '');
      socket.destroy();
    });
    port = await new Promise((done) => {
      server.listen(0, '0.0.0.0', () => {
        const at = server.address();
        done(typeof at === 'object' && at ? at.port : 0);
      });
    });
  });
  beforeEach(() => (reached = []));
  afterEach(() => started.splice(0).forEach(({ process }) => process.kill('SIGKILL')));
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Frames of a guest, and then one whose answer says that passt has seen those before it. */
  async function sends(closed: () => Range[], targets: string[], filtered = true): Promise<void> {
    const passt = startPasst(join(folder, 'passt.log'), []);
    started.push(passt);
    const [guest, near] = pair();
    if (filtered) relay(near, passt.frames, () => ({ closed: closed(), names: [] }));
    else near.pipe(passt.frames).pipe(near);
    // ARP for the gateway (RFC 826); the answer comes after what was sent before it, as a stream keeps its order.
    const arp = Buffer.from('ffffffffffff525400be000308060001080006040001525400be00030a00030f0000000000000a000302', 'hex');
    const answers = async () => {
      const splitter = new FrameSplitter();
      guest.write(onStream(arp));
      for await (const bytes of guest.iterator({ destroyOnReturn: false })) {
        const frames = splitter.push(bytes as Buffer).map((each) => FrameSplitter.frameOf(each));
        if (frames.some((frame) => frame.readUInt16BE(12) === 0x0806)) return;
      }
      throw new Error('passt is gone');
    };
    await answers();
    for (const to of targets) guest.write(onStream(frameTo({ to, port })));
    await answers();
    // A connection of this very host is there as soon as it is asked for; a turn for our own server to see it.
    await new Promise((done) => setTimeout(done, 300));
    near.destroy();
  }

  it('by itself a guest reaches the host, at loopback and at its own address', async () => {
    await sends(() => [], ['127.0.0.1', address], false);
    expect(reached.sort()).toEqual(['127.0.0.1', address].sort());
  });

  it('the filter lets nothing by to the host', async () => {
    await sends(ownAddresses(), ['127.0.0.1', address]);
    expect(reached).toEqual([]);
  });

  it('and lets by what is open', async () => {
    await sends(() => [], ['127.0.0.1', address]);
    expect(reached).toEqual([address]);
  });
});
