import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { MachineSpec, NfsMount } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { qemuArgv } from './argv';
import { privileged } from './launcher/confined';
import { machineOrder } from './machine-order';
import { QemuHypervisor } from './qemu-hypervisor';
import { MachineRecord } from './record';
import { freePort, QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(4 * TINY_MS);

let bench: QemuBench;
let hypervisor: QemuHypervisor;
beforeAll(() => {
  bench = new QemuBench();
  hypervisor = bench.hypervisor();
});
afterAll(() => bench.clear());

const processOf = (id: string) =>
  (JSON.parse(readFileSync(join(bench.folder(id), 'machine.json'), 'utf8')) as MachineRecord).process?.pid ?? 0;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function listening(): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const server = createServer((socket) => socket.end('open')).listen(port, '0.0.0.0');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, port };
}

/** Lets a guest try each "address port" and gives its answer, a line each. */
async function scanned(name: string, targets: string[], protocol: 'vnc' | 'rdp', nfs: NfsMount[] = []): Promise<string> {
  const hostPath = join(bench.config.scratchDir, name);
  mkdirSync(hostPath, { recursive: true, mode: 0o700 });
  writeFileSync(join(hostPath, '.beamdesk-scan'), `${targets.join('\n')}\n`);
  if (privileged()) execFileSync('chown', ['-R', '64106:64106', hostPath]);
  const spec = await bench.spec([{ tag: 'scratch', hostPath, readOnly: false, limitMib: 16 }]);
  spec.console = { ...spec.console, protocol };
  spec.nfs = nfs;
  await hypervisor.create(spec);
  const mounts = [{ tag: 'scratch', guestPath: '/scratch', readOnly: false }];
  await hypervisor.personalise(spec.id, aPersonalisation({ mounts }), 2 * TINY_MS);
  await until(() => existsSync(join(hostPath, 'netscan.txt')), Boolean, 2 * TINY_MS);
  return readFileSync(join(hostPath, 'netscan.txt'), 'utf8');
}

describe('what a machine reaches', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));

  it('has no network card where its display is served by QEMU itself', async () => {
    expect(await scanned('net-vnc', ['10.0.2.2 22'], 'vnc')).toMatch(/no-interface/);
  });

  it('finds nothing open on the gateway, the host or another machine where it needs a card', async () => {
    const { server, port } = await listening();
    const other = await bench.spec();
    await hypervisor.create(other);
    const targets = ['10.0.2.2', '10.0.2.3', ...addresses.filter((each) => !each.includes(':'))].flatMap((address) =>
      [port, other.console.port].map((each) => `${address} ${each}`),
    );
    const answer = await scanned('net-rdp', targets.filter((target) => !target.startsWith('127.')), 'rdp');
    expect(answer).not.toMatch(/no-interface/);
    expect(answer).toMatch(/10\.0\.2\.2 \d+ closed/);
    expect(answer).not.toMatch(/ open/);
    server.close();
    await hypervisor.destroy(other.id);
  });
});

describe.each(['vnc', 'rdp'] as const)('what a machine reaches that mounts by NFS, shown by %s', (protocol) => {
  it('that server’s one port, and nothing else: of it, of the host, of another server or another machine', async () => {
    const { server: closed, port } = await listening();
    const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.2`;
    const servers = [address, '127.0.0.1'].map((host) => ({ host, server: createServer((socket) => socket.end()) }));
    for (const { host, server } of servers) {
      // On the host's own address somebody may listen already, which is as good.
      await new Promise<void>((done) => server.once('error', () => done()).listen(2049, host, done));
    }
    bench.config.nfsServers = [address];
    const other = await bench.spec();
    await hypervisor.create(other);
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address: each }) => each));
    const elsewhere = ['10.0.2.2', '10.0.2.3', '10.0.2.101', '192.0.2.1', ...own.filter((each) => !each.includes(':') && !each.startsWith('127.'))];
    const ports = [22, 53, 111, 2048, 2050, 20_048, 3389, port, other.console.port];
    const targets = [
      ...['10.0.2.100 2049', ...ports.map((each) => `10.0.2.100 ${each}`)],
      ...elsewhere.flatMap((each) => [2049, port, other.console.port].map((one) => `${each} ${one}`)),
    ];
    const nfs = [{ tag: 'data', server: address, exportPath: '/p1' }];
    const answer = await scanned(`net-nfs-${protocol}`, targets, protocol, nfs);
    const seen = (word: string) => answer.split('\n').filter((line) => line.endsWith(word));
    expect(seen(' open')).toEqual(['10.0.2.100 2049 open']);
    expect(seen(' closed')).toHaveLength(targets.length - 1);
    for (const { server } of servers) server.close();
    closed.close();
    await hypervisor.destroy(other.id);
  });
});

describe('what reaches a machine', () => {
  let spec: MachineSpec;
  beforeAll(async () => {
    spec = await bench.spec();
    await hypervisor.create(spec);
  });

  it('its display: on loopback only, and only with the password', async () => {
    const sockets = execFileSync('ss', ['-Hltn', `sport = :${spec.console.port}`], { encoding: 'utf8' });
    expect(sockets.trim().split('\n').map((line) => line.split(/\s+/)[3])).toEqual([`127.0.0.1:${spec.console.port}`]);
    // RFC 6143: 12 bytes of version each way, then the number of security types and the types; 2 = VNC authentication.
    const socket = connect(spec.console.port, '127.0.0.1');
    await once(socket, 'data');
    socket.write('RFB 003.008\n');
    const [offered] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect([...offered]).toEqual([1, 2]);
  });

  it('its secret: in no process list, no file of its folder', async () => {
    await hypervisor.personalise(spec.id, aPersonalisation(), TINY_MS);
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const words = processes.flatMap((pid) => ['cmdline', 'environ'].map((file) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8');
      } catch {
        return '';
      }
    }));
    expect(words.filter((each) => each.includes(spec.console.password))).toEqual([]);
    const files = filesBelow(bench.folder(spec.id));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) expect(readFileSync(file, 'latin1')).not.toContain(spec.console.password);
  });

  it('no privilege', () => {
    const pid = processOf(spec.id);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\s2$/m);
    expect(status).toMatch(/^CapEff:\s0{16}$/m);
    if (!privileged()) return;
    expect(status).toMatch(/^Uid:\s64106\s64106\s64106\s64106$/m);
    expect(status).toMatch(/^Groups:\s(64106)?\s*$/m);
    expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    for (const hidden of ['home', 'var', 'run', 'sys', 'root/.ssh']) expect(existsSync(`/proc/${pid}/root/${hidden}`)).toBe(false);
    const machines = join(`/proc/${pid}/root`, bench.config.machinesDir);
    expect(readdirSync(machines)).toEqual([spec.id]);
    expect(readdirSync(join(machines, spec.id))).toEqual(['vm']);
    expect(statSync(join(bench.folder(spec.id), 'machine.json')).uid).toBe(0);
  });
});

describe('the words of QEMU', () => {
  const booting = { kind: 'boot', memory: null, nfs: null } as const;

  it('name every format, hold no secret and keep commas of paths', async () => {
    const { console, ...spec } = await bench.spec();
    const order = machineOrder.parse({ ...spec, console: { protocol: console.protocol, port: 5907 } });
    const mounts = [{ tag: 'data', kind: '9p', path: '/data/a,b', readOnly: true, security: 'none' } as const];
    const argv = qemuArgv(order, 'tcg', mounts, { ...booting, backing: [order.image.disk] });
    expect(argv).toContain('127.0.0.1:7,password=on');
    expect(argv.join(' ')).not.toContain(console.password);
    expect(argv).toContain('local,id=share-data,path=/data/a,,b,security_model=none,multidevs=remap,readonly=on');
    expect(argv).not.toContain('-netdev');
    const disk = JSON.parse(argv[argv.indexOf('-blockdev') + 1]);
    expect(disk).toMatchObject({ driver: 'qcow2', backing: { driver: 'qcow2', 'read-only': true, backing: null } });
    expect(argv[argv.indexOf('-sandbox') + 1]).toBe('on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny');
  });

  it('close the card of a guest that serves its own display', async () => {
    const { console, ...spec } = await bench.spec();
    const order = machineOrder.parse({ ...spec, console: { protocol: 'rdp', port: console.port } });
    const argv = qemuArgv(order, 'kvm', [], { ...booting, backing: [order.image.disk] });
    expect(argv).toContain(`user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${console.port}-:3389`);
    expect(argv).not.toContain('-vnc');
    expect(argv[argv.indexOf('-accel') + 1]).toBe('kvm');
  });

  it('give a guest that mounts by NFS a closed card, with a way to each server’s one port', async () => {
    const { console, ...spec } = await bench.spec();
    const order = machineOrder.parse({ ...spec, console: { protocol: 'vnc', port: console.port } });
    const nfs = [
      { guestAddress: '10.0.2.100', hostAddress: '192.0.2.7' },
      { guestAddress: '10.0.2.101', hostAddress: '2001:db8::7' },
    ];
    const argv = qemuArgv(order, 'tcg', [], { ...booting, nfs, backing: [order.image.disk] });
    const words = argv.filter((word) => /nfs|net=|netdev/.test(word));
    expect(words).toEqual([
      'socket,id=nfs0,host=192.0.2.7,port=2049,reconnect=1',
      'socket,id=nfs1,host=2001:db8::7,port=2049,reconnect=1',
      '-netdev',
      'user,id=net,restrict=on,ipv6=off,guestfwd=tcp:10.0.2.100:2049-chardev:nfs0,guestfwd=tcp:10.0.2.101:2049-chardev:nfs1',
      'virtio-net-pci,netdev=net',
    ]);
  });

  it('share the memory of a guest whose data goes by virtiofs, and of no other', async () => {
    const { console, ...spec } = await bench.spec();
    const order = machineOrder.parse({ ...spec, console: { protocol: 'vnc', port: console.port } });
    const mounts = [{ tag: 'data', kind: 'virtiofs', path: '/servers/data/fs.sock', readOnly: true, security: 'none' } as const];
    const argv = qemuArgv(order, 'tcg', mounts, { ...booting, backing: [order.image.disk] });
    expect(argv).toContain('memory-backend-memfd,id=mem,size=192M,share=on');
    expect(argv).toContain('socket,id=share-data,path=/servers/data/fs.sock');
    expect(argv).toContain('vhost-user-fs-pci,chardev=share-data,tag=data,queue-size=1024');
    expect(argv.join(' ')).not.toContain('-fsdev');
    expect(qemuArgv(order, 'tcg', [], { ...booting, backing: [order.image.disk] }).join(' ')).not.toContain('memfd');
  });
});
