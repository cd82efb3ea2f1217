import { execFileSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { MachineImage, MachineSpec, Share } from '../../machine';
import { PRIVATE } from '../../outbound/ranges';
import { aMachineSpec } from '../../testing/machine-spec';
import { privileged } from '../launcher/confined';
import { Launcher } from '../launcher/launcher';
import { LauncherConfig } from '../launcher/launcher-config';
import { localLauncher } from '../launcher/local-launcher';
import { QemuOptions } from '../options';
import { QemuHypervisor } from '../qemu-hypervisor';

const workspace = resolve(__dirname, '../../../../..');

/** How long the tiny guest may take to boot or power off under emulation on a busy computer. */
export const TINY_MS = 60_000;

/** The guest of `images/tiny`, built when it is not there yet. */
export function tinyImage(): MachineImage {
  const folder =
    process.env['BEAMDESK_TINY_IMAGE'] ??
    execFileSync(process.execPath, ['images/build.ts', 'tiny'], { cwd: workspace, encoding: 'utf8' }).trim().split('\n').at(-1) ??
    '';
  const described = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as {
    sha256: string;
    boot: { cmdline: string };
  };
  const file = (name: string) => join(folder, name);
  const { cmdline } = described.boot;
  const boot = { kind: 'kernel', kernel: file('vmlinuz'), initrd: file('initrd.img'), cmdline } as const;
  return { id: 'tiny', disk: file('disk.qcow2'), boot, agent: true, sha256: described.sha256, keymap: null };
}

/** A folder of its own for machines, and what starts them: as root confined and as another user, else as who we are. */
export class QemuBench {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'qemu-bench-')));
  readonly image = tinyImage();
  readonly installation = randomUUID();
  readonly config: LauncherConfig = {
    machinesDir: join(this.root, 'machines'),
    templatesDir: join(this.root, 'templates'),
    scratchDir: join(this.root, 'scratch'),
    homeDir: join(this.root, 'home'),
    imageRoots: [dirname(realpathSync(dirname(this.image.disk))), join(this.root, 'images')],
    dataRoots: [join(this.root, 'data')],
    confine: privileged() ? join(workspace, 'tools/confine.sh') : null,
    clientGid: privileged() ? 64105 : null,
    runAs: privileged() ? { uid: 64106, gid: 64106, groups: [] } : null,
    allowedIds: privileged() ? [{ from: 64106, to: 64110 }] : [],
    accelerator: 'tcg',
    outbound: { program: join(this.root, 'outbound/outbound.js'), runAs: privileged() ? { uid: 64111, gid: 64111, groups: [] } : null, closed: PRIVATE },
  };
  private readonly hypervisors: QemuHypervisor[] = [];

  constructor() {
    for (const folder of ['data', 'images']) mkdirSync(join(this.root, folder));
    // As in a home folder: what a machine needs must not depend on the folders above.
    chmodSync(this.root, 0o700);
  }

  hypervisor(given: Partial<QemuOptions> & { launcher?: Launcher } = {}): QemuHypervisor {
    const hypervisor = new QemuHypervisor({
      installation: this.installation,
      machinesDir: this.config.machinesDir,
      launcher: given.launcher ?? localLauncher(this.config),
      reserve: { memoryMib: 64, diskMib: 64 },
      pollMs: 300,
      scratchMs: 500,
      ...given,
    });
    this.hypervisors.push(hypervisor);
    return hypervisor;
  }

  async spec(shares: Share[] = []): Promise<MachineSpec> {
    return aMachineSpec({
      installation: this.installation,
      image: this.image,
      flavour: { vcpus: 1, memoryMib: 192, diskMib: 64 },
      console: { protocol: 'vnc', port: await freePort(), password: `p${randomInt(1e6, 9e6)}` },
      shares,
    });
  }

  /** Makes what leads machines out, as the launcher's build does. */
  buildOutbound(): void {
    const outfile = this.config.outbound?.program ?? '';
    buildSync({ entryPoints: [join(__dirname, '../../outbound/main.ts')], bundle: true, platform: 'node', outfile, logLevel: 'error' });
  }

  folder(id: string): string {
    return join(this.config.machinesDir, id);
  }

  /** Lets go of every hypervisor given out; machines run on. */
  async release(): Promise<void> {
    for (const hypervisor of this.hypervisors.splice(0)) await hypervisor.close();
  }

  /** Ends every machine made here and removes the folder. */
  async clear(): Promise<void> {
    const last = this.hypervisor();
    for (const { id } of await last.list()) await last.destroy(id).catch(() => undefined);
    await this.release();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A port nothing listens on right now, in the range displays can have. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const free = await new Promise<boolean>((done) => {
      const probe = createServer()
        .once('error', () => done(false))
        .listen(port, '127.0.0.1', () => probe.close(() => done(true)));
    });
    if (free) return port;
  }
}

/** Asks again until it holds or the time is over; gives the last answer. */
export async function until<T>(ask: () => Promise<T> | T, holds: (answer: T) => boolean, withinMs: number): Promise<T> {
  for (const end = Date.now() + withinMs; ; await new Promise((again) => setTimeout(again, 50))) {
    const answer = await ask();
    if (holds(answer) || Date.now() > end) return answer;
  }
}
