import { chmodSync, chownSync, closeSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { RunAs } from '../../machine';
import { OVERLAY, qemuArgv } from '../argv';
import { machineId, MachineOrder, machineOrder } from '../machine-order';
import { confined, privileged, safeEnvironment } from './confined';
import { diskAvailableMib, memoryFigures, vcpus } from './figures';
import { checkImage, makeOverlay } from './images';
import { kvmGroups, proveKvm, Proof } from './kvm-probe';
import { HostFigures, Launcher, ProcessIdentity } from './launcher';
import { LauncherConfig } from './launcher-config';
import { findProcess, identify, killMachine } from './processes';
import { codeOf, refused, textOf } from './refusals';
import { makeScratch, scratchParts, securityOf, usedBytes } from './scratch';
import { OpenShare, openShare } from './shares';

/** Inside a machine's folder: what belongs to the machine's own user (overlay, sockets), and what does not (record, log). */
export const MACHINE_FILES = 'vm';
export const RECORD = 'machine.json';
export const LOG = 'qemu.log';
const LONGEST_RECORD = 65_536;
/** The first descriptor a child can get beyond its three streams. */
const FIRST_DESCRIPTOR = 3;

/** The launcher's vocabulary, carried out by this very process. */
export class LocalLauncher implements Launcher {
  private proof: Promise<Proof> | null = null;

  constructor(private readonly config: LauncherConfig) {
    const { machinesDir, scratchDir, clientGid } = config;
    mkdirSync(machinesDir, { recursive: true });
    mkdirSync(scratchDir, { recursive: true });
    if (!privileged()) return;
    if (!config.confine || !config.runAs) throw new Error('started as root, the launcher needs confine.sh and ids for machines');
    chmodSync(scratchDir, 0o711);
    chmodSync(machinesDir, 0o750);
    if (clientGid !== null) chownSync(machinesDir, 0, clientGid);
  }

  async figures(): Promise<HostFigures> {
    const { totalMib, availableMib } = memoryFigures();
    const { accelerator, warning } = await this.prove();
    return {
      accelerator,
      warning,
      vcpus: vcpus(),
      memoryTotalMib: totalMib,
      memoryAvailableMib: availableMib,
      diskAvailableMib: diskAvailableMib(this.config.machinesDir),
    };
  }

  async prepare(id: string): Promise<void> {
    const folder = this.folder(id);
    try {
      mkdirSync(folder);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw refused(codeOf(error) === 'ENOSPC' ? 'no-disk' : 'start-failed', textOf(error));
    }
    chmodSync(folder, 0o750);
    this.toClient(folder);
  }

  async writeRecord(id: string, text: string): Promise<void> {
    if (text.length > LONGEST_RECORD) throw new Error('record too long');
    const path = join(this.folder(id), RECORD);
    writeFileSync(`${path}.new`, text, { mode: 0o640, flush: true });
    this.toClient(`${path}.new`);
    renameSync(`${path}.new`, path);
  }

  async spawn(unchecked: MachineOrder): Promise<{ process: ProcessIdentity; argv: string[] }> {
    const order = machineOrder.parse(unchecked);
    if (findProcess(order.id)) throw new Error(`machine ${order.id} has a process already`);
    const runAs = this.idsFor(order);
    const checked = await checkImage(this.config, order.image, runAs);
    const files = this.filesFolder(order.id, runAs);
    const shares: OpenShare[] = [];
    try {
      for (const share of order.shares) {
        if (!share.readOnly) makeScratch(this.config.scratchDir, share.hostPath, runAs);
        shares.push(await openShare(this.config, share, runAs));
      }
      const isNew = statSync(join(files, OVERLAY), { throwIfNoEntry: false }) === undefined;
      if (isNew) await makeOverlay(this.config, files, checked, order.flavour.diskMib, runAs);
      return await this.start({ ...order, image: checked.image }, shares, checked.folders, files, runAs);
    } finally {
      for (const { descriptor } of shares) closeSync(descriptor);
    }
  }

  async locate(id: string): Promise<ProcessIdentity | null> {
    return findProcess(machineId.parse(id));
  }

  async kill(id: string, identity: ProcessIdentity): Promise<void> {
    await killMachine(machineId.parse(id), identity);
  }

  async scratchUsage(path: string): Promise<{ usedBytes: number; freeBytes: number }> {
    scratchParts(this.config.scratchDir, path);
    return { usedBytes: await usedBytes(path), freeBytes: diskAvailableMib(this.config.scratchDir) * 1024 * 1024 };
  }

  async remove(id: string): Promise<void> {
    const folder = this.folder(id);
    if (findProcess(id)) throw new Error(`machine ${id} still runs`);
    // The record goes last: as long as there is anything, it says what it is.
    rmSync(join(folder, MACHINE_FILES), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.proof = null;
  }

  private async start(order: MachineOrder, shares: OpenShare[], imageFolders: string[], files: string, runAs: RunAs | null) {
    const inherited = (at: number) => `/proc/self/fd/${FIRST_DESCRIPTOR + at}`;
    const mounts = shares.map(({ tag, readOnly, realPath }, at) => ({
      tag,
      readOnly,
      path: privileged() ? `/shares/${tag}` : inherited(at),
      security: readOnly ? ('none' as const) : securityOf(realPath),
    }));
    const { accelerator } = await this.prove();
    const argv = qemuArgv(order, accelerator, mounts);
    const placed = (readOnly: boolean) =>
      shares.flatMap((share, at): [string, string][] =>
        share.readOnly === readOnly ? [[inherited(at), `/shares/${share.tag}`]] : [],
      );
    const sight = { ro: imageFolders, rw: [files], roAt: placed(true), rwAt: placed(false) };
    const ids = runAs && accelerator === 'kvm' ? { ...runAs, groups: [...runAs.groups, ...kvmGroups()] } : runAs;
    // The sockets are for the client's group too; a dump of a machine's memory on disk is for nobody.
    const command = ['/bin/sh', '-c', 'ulimit -c 0; umask 007; exec "$@"', 'sh', ...confined(this.config, ids, sight, argv)];
    const log = openSync(join(this.folder(order.id), LOG), 'w', 0o640);
    this.toClient(join(this.folder(order.id), LOG));
    try {
      const [file, ...args] = command;
      const child = spawn(file, args, {
        cwd: files,
        detached: true,
        env: safeEnvironment,
        stdio: ['ignore', log, log, ...shares.map(({ descriptor }) => descriptor)],
      });
      child.on('error', () => undefined);
      child.unref();
      const identity = child.pid === undefined ? null : identify(child.pid);
      if (!identity) throw refused('start-failed', `${order.id}: the process did not start`);
      return { process: identity, argv };
    } finally {
      closeSync(log);
    }
  }

  /** The folder of the machine's own user, reachable by the client's group so that it gets at the sockets. */
  private filesFolder(id: string, runAs: RunAs | null): string {
    const path = join(realpathSync(this.folder(id)), MACHINE_FILES);
    mkdirSync(path, { recursive: true });
    if (privileged() && runAs) chownSync(path, runAs.uid, this.config.clientGid ?? runAs.gid);
    chmodSync(path, privileged() ? 0o2770 : 0o700);
    return path;
  }

  private idsFor({ runAs }: MachineOrder): RunAs | null {
    if (!privileged()) {
      const own = process.getuid?.();
      if (runAs && runAs.uid !== own) {
        throw refused('share-unreadable', `asked to run as ${runAs.uid}, but there is no privilege to change from ${own}`);
      }
      return null;
    }
    if (!runAs) return this.config.runAs;
    const allowed = (id: number) => id > 0 && this.config.allowedIds.some(({ from, to }) => id >= from && id <= to);
    const bad = [runAs.uid, runAs.gid, ...runAs.groups].filter((id) => !allowed(id));
    if (bad.length) throw refused('share-unreadable', `ids not allowed for machines: ${bad.join(', ')}`);
    return runAs;
  }

  private prove(): Promise<Proof> {
    this.proof ??= proveKvm(this.config).then((proof) => {
      if (!proof.final) this.proof = null;
      return proof;
    });
    return this.proof;
  }

  private folder(id: string): string {
    return join(this.config.machinesDir, machineId.parse(id));
  }

  private toClient(path: string): void {
    if (privileged() && this.config.clientGid !== null) chownSync(path, 0, this.config.clientGid);
  }
}

/** The launcher inside this process. */
export const localLauncher = (config: LauncherConfig): Launcher => new LocalLauncher(config);
