import { chmodSync, chownSync, closeSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunAs } from '../../machine';
import { Cards } from '../../gpu/cards';
import { Gpu } from '../../gpu/gpu';
import { OVERLAY } from '../argv';
import { machineId, MachineOrder, machineOrder, pciAddress, TemplateOrder } from '../machine-order';
import { privileged } from './confined';
import { diskFigures, memoryFigures, vcpus } from './figures';
import { CheckedImage, checkImage, makeOverlay } from './images';
import { proveKvm, Proof } from './kvm-probe';
import { HostFigures, Launcher, ProcessIdentity, SpawnedTemplate, Started, TemplateFiles } from './launcher';
import { LauncherConfig } from './launcher-config';
import { LocalTemplates, TemplateBase } from './local-templates';
import { startMachine } from './machine-start';
import { lookUp } from './name-service';
import { waysTo } from './nfs-servers';
import { findProcess, hasCard, killMachine } from './processes';
import { firmwareOf, makeSettings } from './platforms';
import { codeOf, refused, textOf } from './refusals';
import { makeWritable, makeWritableRoot, usedBytes, writablePlace, writableRoots } from './scratch';
import { endServers, servedTags, serveShares } from './share-servers';
import { makeSeed } from './seeds';
import { OpenShare, openShare } from './shares';
import { endWayOut, makeWayOut } from './way-out';

/** Inside a machine's folder: what belongs to the machine's own user (overlay, sockets), and what does not (record, log). */
export const MACHINE_FILES = 'vm';
export const RECORD = 'machine.json';
export const LOG = 'qemu.log';
const LONGEST_RECORD = 65_536;

/** The launcher's vocabulary, carried out by this very process. */
export class LocalLauncher implements Launcher {
  private proof: Promise<Proof> | null = null;
  private readonly templates: LocalTemplates;
  private readonly cards: Cards;

  constructor(private readonly config: LauncherConfig) {
    this.templates = new LocalTemplates(config, async () => (await this.prove()).accelerator);
    this.cards = new Cards({ allow: config.gpus?.allow ?? [], ...config.gpus, inUse: hasCard });
    const { machinesDir, scratchDir, clientGid } = config;
    mkdirSync(machinesDir, { recursive: true });
    for (const root of writableRoots(config)) makeWritableRoot(root);
    if (!privileged()) return;
    if (!config.confine || !config.runAs) throw new Error('started as root, the launcher needs confine.sh and ids for machines');
    chmodSync(scratchDir, 0o711);
    chmodSync(machinesDir, 0o750);
    if (clientGid !== null) chownSync(machinesDir, 0, clientGid);
  }

  async figures(): Promise<HostFigures> {
    const { totalMib, availableMib } = memoryFigures();
    const disk = diskFigures(this.config.machinesDir);
    const { accelerator, warning } = await this.prove();
    return {
      accelerator,
      warning,
      vcpus: vcpus(),
      memoryTotalMib: totalMib,
      memoryAvailableMib: availableMib,
      diskTotalMib: disk.totalMib,
      diskAvailableMib: disk.availableMib,
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

  async spawn(unchecked: MachineOrder, resume: boolean): Promise<Started> {
    const order = machineOrder.parse(unchecked);
    if (findProcess(order.id)) throw new Error(`machine ${order.id} has a process already`);
    const runAs = await this.idsFor(order);
    const checked = await checkImage(this.config, order.image, runAs);
    const base = order.template === null ? null : await this.templates.baseFor(order.template, resume);
    const firmware = firmwareOf(this.config, order.image);
    const files = this.filesFolder(this.folder(order.id), runAs);
    const shares: OpenShare[] = [];
    try {
      for (const { readOnly, hostPath } of order.shares) {
        if (!readOnly) makeWritable(writableRoots(this.config), hostPath, runAs);
      }
      const backing = backingOf(checked.image, base);
      const isNew = statSync(join(files, OVERLAY), { throwIfNoEntry: false }) === undefined;
      const made = isNew ? makeOverlay(files, backing[0] ?? null, sizeMib(order, checked), runAs) : Promise.resolve();
      // Waited for below, whatever comes of the shares.
      made.catch(() => undefined);
      const opened = await Promise.allSettled(order.shares.map((share) => openShare(this.config, share, runAs)));
      shares.push(...opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      await made;
      for (const one of opened) if (one.status === 'rejected') throw one.reason;
      if (firmware) await makeSettings(files, firmware.settings, runAs);
      const served = await serveShares(this.config, order.id, this.folder(order.id), shares);
      const beside = {
        ...(firmware && { firmware: firmware.code }),
        ...(order.cloudInit && { seed: makeSeed(this.folder(order.id), order.id, order.cloudInit) }),
        ...(order.gpus.length > 0 && { gpus: this.cards.ready(order.gpus) }),
        ...(order.network === 'outbound' && { wayOut: await makeWayOut(this.config, order.id, this.folder(order.id), files) }),
      };
      return startMachine(this.config, { ...order, image: checked.image }, (await this.prove()).accelerator, {
        ...beside,
        ...{ shares, served, nfs: await waysTo(this.config, order.nfs), base, backing, files, runAs, imageFolders: checked.folders, log: join(this.folder(order.id), LOG) },
      });
    } finally {
      for (const { descriptor } of shares) closeSync(descriptor);
      if (base?.state !== undefined) closeSync(base.state);
    }
  }

  async locate(id: string): Promise<ProcessIdentity | null> {
    return findProcess(machineId.parse(id));
  }

  async kill(id: string, identity: ProcessIdentity): Promise<void> {
    await killMachine(machineId.parse(id), identity);
    await this.endHelpers(id);
  }

  async servedTags(id: string): Promise<string[]> {
    return servedTags(machineId.parse(id));
  }

  async scratchUsage(path: string): Promise<{ usedBytes: number; freeBytes: number }> {
    const { root } = writablePlace(writableRoots(this.config), path);
    return { usedBytes: await usedBytes(path), freeBytes: diskFigures(root).availableMib * 1024 * 1024 };
  }

  async remove(id: string): Promise<void> {
    const folder = this.folder(id);
    if (findProcess(id)) throw new Error(`machine ${id} still runs`);
    // Those that were started for a machine that never was.
    await this.endHelpers(id);
    // The record goes last: as long as there is anything, it says what it is.
    rmSync(join(folder, MACHINE_FILES), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }

  templateKey(order: TemplateOrder): Promise<string> {
    return this.templates.key(order);
  }

  async writeTemplate(id: string, text: string): Promise<void> {
    this.templates.files.write(id, text);
  }

  spawnTemplate(id: string, order: TemplateOrder): Promise<SpawnedTemplate> {
    return this.templates.spawn(id, order);
  }

  receiveState(id: string): Promise<string> {
    return this.templates.receiveState(id);
  }

  sealTemplate(id: string): Promise<TemplateFiles> {
    return this.templates.seal(id);
  }

  checkTemplate(id: string, known: TemplateFiles, thorough: boolean): Promise<TemplateFiles> {
    return this.templates.files.check(id, known, thorough);
  }

  removeTemplate(id: string, keepRecord: boolean): Promise<void> {
    return this.templates.remove(id, keepRecord);
  }

  async gpus(): Promise<Gpu[]> {
    return this.cards.list();
  }

  async gpuBind(address: string): Promise<void> {
    this.cards.bind(pciAddress.parse(address));
  }

  async gpuRelease(address: string): Promise<void> {
    this.cards.release(pciAddress.parse(address));
  }

  async close(): Promise<void> {
    this.proof = null;
  }

  private async endHelpers(id: string): Promise<void> {
    await Promise.all([endServers(id), endWayOut(id)]);
  }

  /** The folder of the machine's own user, reachable by the client's group so that it gets at the sockets. */
  private filesFolder(folder: string, runAs: RunAs | null): string {
    const path = join(realpathSync(folder), MACHINE_FILES);
    mkdirSync(path, { recursive: true });
    if (privileged() && runAs) chownSync(path, runAs.uid, this.config.clientGid ?? runAs.gid);
    chmodSync(path, privileged() ? 0o2770 : 0o700);
    return path;
  }

  private async idsFor({ runAs: asked }: MachineOrder): Promise<RunAs | null> {
    const runAs = asked && 'account' in asked ? await lookUp(asked, this.config.names) : asked;
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

/** The disk as big as the plan says, never smaller than what it lies on. */
const sizeMib = ({ flavour }: MachineOrder, { virtualMib }: CheckedImage) => Math.max(virtualMib, flavour.diskMib);

/** What its disk lies on. */
function backingOf({ boot, disk }: CheckedImage['image'], base: TemplateBase | null): string[] {
  if (boot.kind === 'iso') return [];
  return base ? [base.disk, disk] : [disk];
}

/** The launcher inside this process. */
export const localLauncher = (config: LauncherConfig): Launcher => new LocalLauncher(config);
