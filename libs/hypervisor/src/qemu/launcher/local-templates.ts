import { chmodSync, chownSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { RunAs } from '../../machine';
import { Accelerator, MEMORY, qemuArgv } from '../argv';
import { MachineOrder, TemplateOrder, templateOrder } from '../machine-order';
import { TEMPLATE_FILES } from '../templates/template-record';
import { privileged } from './confined';
import { checkImage, makeOverlay } from './images';
import { SpawnedTemplate, TemplateFiles as Files } from './launcher';
import { LauncherConfig } from './launcher-config';
import { startQemu } from './qemu-process';
import { refused } from './refusals';
import { StateReceiver } from './state-receiver';
import { BUILDER_FILES, TemplateFiles } from './template-files';
import { keyOf, opensMemoryReadOnly } from './template-key';

const STATE_SOCKET = 'state.sock';
const LOG = 'qemu.log';

/** What a machine needs of a template: always its disk, and to continue from it also memory and state. */
export interface TemplateBase {
  disk: string;
  memory: string;
  memoryIsReadOnly: boolean;
  /** An open descriptor of the saved state, which the caller closes; undefined when the machine boots. */
  state?: number;
}

/** The launcher's vocabulary about templates, carried out by this very process. */
export class LocalTemplates {
  readonly files: TemplateFiles;
  private readonly receivers = new Map<string, StateReceiver>();

  constructor(
    private readonly config: LauncherConfig,
    private readonly accelerator: () => Promise<Accelerator>,
  ) {
    this.files = new TemplateFiles(config);
  }

  async key(unchecked: TemplateOrder): Promise<string> {
    const order = templateOrder.parse(unchecked);
    const checked = await checkImage(this.config, order.image, this.config.runAs);
    return keyOf(this.config, order, checked, await this.accelerator());
  }

  /** Starts the machine that is saved later; its shares are empty folders, which no copy will see. */
  async spawn(id: string, unchecked: TemplateOrder): Promise<SpawnedTemplate> {
    const order = templateOrder.parse(unchecked);
    const { runAs } = this.config;
    const checked = await checkImage(this.config, order.image, runAs);
    await this.files.clear(id);
    const cwd = this.builderFolder(id, runAs);
    const backing: [string] = [checked.image.disk];
    const sizeMib = Math.max(checked.virtualMib, order.flavour.diskMib);
    await makeOverlay(cwd, backing[0], sizeMib, runAs);
    const mounts = order.shares.map(({ tag, kind, readOnly }) => {
      const path = join(cwd, `share-${tag}`);
      this.ownFolder(path, runAs);
      return { tag, kind, readOnly, path, security: 'none' as const };
    });
    const machine = machineOf(this.files.machineId(id), { ...order, image: checked.image });
    const form = { kind: 'save', memory: join(cwd, MEMORY), backing, nfs: order.nfs ? [] : null } as const;
    const process = startQemu(this.config, {
      ...{ id: machine.id, cwd, runAs, patient: true, descriptors: [], log: join(this.files.folder(id), LOG) },
      argv: qemuArgv(machine, await this.accelerator(), mounts, form),
      sight: { ro: checked.folders, rw: [cwd] },
    });
    return { machine: machine.id, process };
  }

  async receiveState(id: string): Promise<string> {
    this.receivers.get(id)?.close();
    const socket = join(this.builderFolder(id, this.config.runAs), STATE_SOCKET);
    this.receivers.set(id, await StateReceiver.listen(socket, this.files.path(id, 'state'), this.config.runAs));
    return `unix:${STATE_SOCKET}`;
  }

  async seal(id: string): Promise<Files> {
    const receiver = this.receivers.get(id);
    if (!receiver) throw refused('start-failed', `nothing was saved for template ${id}`);
    this.receivers.delete(id);
    await receiver.done;
    return this.files.seal(id, await opensMemoryReadOnly(this.config));
  }

  async remove(id: string, keepRecord: boolean): Promise<void> {
    this.receivers.get(id)?.close();
    this.receivers.delete(id);
    if (keepRecord) await this.files.clear(id);
    else await this.files.remove(id);
  }

  /** @throws MachineRefused template-broken */
  async baseFor(id: string, resume: boolean): Promise<TemplateBase> {
    const memoryIsReadOnly = await opensMemoryReadOnly(this.config);
    const [disk, state, memory] = TEMPLATE_FILES.map((name) => this.files.path(id, name));
    if (!disk || !state || !memory) throw refused('template-broken', id);
    const base = { disk, memory, memoryIsReadOnly };
    // A kept disk needs of it only what it lies on; a copy's state must be what was saved, to the byte.
    if (!resume) return base;
    this.files.usable(id);
    return { ...base, state: openSync(state, 'r') };
  }

  private builderFolder(id: string, runAs: RunAs | null): string {
    const folder = join(realpathSync(this.files.folder(id)), BUILDER_FILES);
    this.ownFolder(folder, runAs);
    return folder;
  }

  private ownFolder(path: string, runAs: RunAs | null): void {
    mkdirSync(path, { recursive: true });
    if (privileged() && runAs) chownSync(path, runAs.uid, this.config.clientGid ?? runAs.gid);
    chmodSync(path, privileged() ? 0o2770 : 0o700);
  }
}

/** The order of a template's own machine; its port and shares are never used. */
function machineOf(id: string, { image, flavour, protocol }: TemplateOrder): MachineOrder {
  const console = { protocol, port: 5900 };
  const alone = { shares: [], nfs: [], network: 'none', cloudInit: null, gpus: [], runAs: null, requestId: null, template: null } as const;
  return { id, installation: 'template', image, flavour, console, ...alone, shares: [], nfs: [], gpus: [] };
}
