import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { MachineSpec } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { privileged } from './launcher/confined';
import { wordsOf } from './launcher/processes';
import { QemuHypervisor } from './qemu-hypervisor';
import { Outside } from './testing/outside';
import { freePort, QemuBench, TINY_MS, until } from './testing/real-qemu';

jest.setTimeout(4 * TINY_MS);

let bench: QemuBench;
let hypervisor: QemuHypervisor;
let server: Server;
let port: number;
let outside: Outside | null = null;
beforeAll(async () => {
  bench = new QemuBench();
  bench.buildOutbound();
  hypervisor = bench.hypervisor();
  port = await freePort();
  server = createServer((socket) => socket.end('open')).listen(port, '0.0.0.0');
  await once(server, 'listening');
  // Nobody else's network is needed to see that there is a way out; without root there is none to make.
  outside = privileged() ? await Outside.open(port) : null;
});
afterAll(async () => {
  server.close();
  await outside?.close();
  await bench.clear();
});

const processesOf = (id: string) => readdirSync('/proc').map(Number).filter((pid) => wordsOf(pid).includes(`--machine=${id}`));

async function spec(hostPath: string): Promise<MachineSpec> {
  const shares = [{ tag: 'scratch', hostPath, readOnly: false, limitMib: 16 }];
  return { ...(await bench.spec(shares)), network: 'outbound' };
}

describe('a machine that gets out to the network', () => {
  it('reaches another computer, and nothing of its host: neither at loopback, nor at its own addresses, nor by the gateway', async () => {
    const hostPath = join(bench.config.scratchDir, 'out');
    mkdirSync(hostPath, { recursive: true, mode: 0o700 });
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ family }) => family === 'IPv4'));
    const other = await bench.spec();
    await hypervisor.create(other);
    // A Linux guest does not send to 127.0.0.0/8; what one that does gets is in outbound.spec.ts.
    const host = own.map(({ address }) => address).filter((address) => !address.startsWith('127.'));
    const closed = ['10.0.2.2', '10.0.3.2', '169.254.169.254', ...host];
    const targets = [...closed.flatMap((each) => [`${each} ${port}`, `${each} ${other.console.port}`])];
    writeFileSync(join(hostPath, '.beamdesk-scan'), `${[...targets, ...(outside ? [`${outside.address} ${port}`] : [])].join('\n')}\n`);
    if (privileged()) execFileSync('chown', ['-R', '64106:64106', hostPath]);
    const asked = await spec(hostPath);
    expect(await hypervisor.create(asked)).toMatchObject({ phase: 'on', path: 'cold' });
    const [pid = 0, ...more] = processesOf(asked.id);
    expect(more).toEqual([]);
    if (privileged()) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s64111\s64111\s64111\s64111$/m);
      expect(status).toMatch(/^CapEff:\s0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    }
    const mounts = [{ tag: 'scratch', guestPath: '/scratch', readOnly: false }];
    await hypervisor.personalise(asked.id, aPersonalisation({ mounts }), 2 * TINY_MS);
    await until(() => existsSync(join(hostPath, 'netscan.txt')), Boolean, 2 * TINY_MS);
    const answer = readFileSync(join(hostPath, 'netscan.txt'), 'utf8').split('\n');
    expect(answer.filter((line) => line.endsWith(' open'))).toEqual(outside ? [`${outside.address} ${port} open`] : []);
    expect(answer.filter((line) => line.endsWith(' closed'))).toHaveLength(targets.length);
    await hypervisor.destroy(asked.id);
    await hypervisor.destroy(other.id);
    expect(processesOf(asked.id)).toEqual([]);
  });

  it('is refused where nothing leads out, and nothing is left behind', async () => {
    const { outbound } = bench.config;
    bench.config.outbound = null;
    const asked: MachineSpec = { ...(await bench.spec()), network: 'outbound' };
    await expect(hypervisor.create(asked)).rejects.toMatchObject({ name: 'MachineRefused', reason: 'network-missing' });
    bench.config.outbound = outbound;
    expect(existsSync(bench.folder(asked.id))).toBe(false);
    expect(processesOf(asked.id)).toEqual([]);
  });
});
