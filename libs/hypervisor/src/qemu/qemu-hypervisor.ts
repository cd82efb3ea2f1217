import { displayFixed, HypervisorError, HypervisorErrorReason, MachineRefused } from '../errors';
import { GuestFiles } from '../files/guest-files';
import { Gpu } from '../gpu/gpu';
import { Hypervisor } from '../hypervisor';
import { DisplaySize, HostCapacity, Machine, MachineSpec, NextLaunch, Personalisation, ShareUse, Template, TemplateSpec } from '../machine';
import { AgentClient } from './agent-client';
import { displayCommand } from './agent-protocol';
import { capacityLeft, refuseBeyond } from './capacity';
import { GuestRefused } from './guest-refused';
import { KeyedLock } from './keyed-lock';
import { MachineCare } from './machine-care';
import { MachineFiles } from './machine-files';
import { MachineOrder } from './machine-order';
import { MachineRounds } from './machine-rounds';
import { orderOf } from './machine-order-of';
import { viewOf } from './machine-view';
import { withOwnKeyboard } from './own-keyboard';
import { QemuOptions, QemuSettings, withDefaults } from './options';
import { cpuSecondsOf } from './launcher/processes';
import { refused, textOf } from './launcher/refusals';
import { MachineRecord } from './record';
import { COLD_REASONS } from './templates/cold-reasons';
import { Choice, TemplateKeeper } from './templates/template-keeper';
import { TemplateStore } from './templates/template-store';

/** How long nothing must have happened to a half-made machine before a mere look at all of them removes it. */
const ABANDONED_MS = 60_000;
const POWER_OFF_MS = 5000;
/** A guest under emulation on a busy host draws everything anew before it answers. */
const DISPLAY_MS = 8000;
/** Refusals that say nothing against the template a copy was to be made from: booting would end the same way. */
const NOT_THE_TEMPLATE: ReadonlySet<HypervisorErrorReason> = new Set([
  ...(['unreachable', 'image-missing', 'image-refused', 'share-missing', 'share-outside-root'] as const),
  ...(['share-unreadable', 'data-no-account', 'port-taken', 'no-memory', 'no-disk'] as const),
  ...(['architecture-missing', 'firmware-missing', 'network-missing', 'gpu-unusable'] as const),
]);

const withoutAbsent = ({ gpus, requestId }: NextLaunch) => ({ ...(gpus && { gpus }), ...(requestId !== undefined && { requestId }) });

/**
 * Machines as QEMU processes of this host, detached from us: they survive our end, and `machine.json` in each one's folder lets the next of us
 * take them over. One task at a time per machine. Where a template is ready, a new machine is a copy of it; in all other cases it boots.
 */
export class QemuHypervisor extends Hypervisor {
  private readonly settings: QemuSettings;
  private readonly lock = new KeyedLock();
  private readonly care: MachineCare;
  private readonly keeper: TemplateKeeper | null;
  private readonly listeners = new Set<(id: string) => void>();
  private readonly machineFiles: MachineFiles;
  private readonly rounds: MachineRounds;
  private warned: string | null = null;

  constructor(options: QemuOptions) {
    super();
    this.settings = withDefaults(options);
    this.care = new MachineCare(this.settings, this.lock, {
      changed: (id) => this.changed(id),
      crashed: (order) => this.crashed(order),
    });
    this.machineFiles = new MachineFiles(this.care, async (path) => (await this.settings.launcher.scratchUsage(path)).usedBytes);
    this.keeper = this.makeKeeper();
    this.rounds = new MachineRounds(this.settings, this.care, this.lock, {
      list: () => this.list(),
      changed: (id) => this.changed(id),
    });
  }

  async create(spec: MachineSpec): Promise<Machine> {
    const order = orderOf(spec);
    return this.lock.run(order.id, async () => {
      const stored = await this.care.store.read(order.id);
      if (stored.kind === 'record') {
        this.care.refuseForeign(stored.record);
        if (stored.record.phase === 'made') return this.care.observe(stored.record);
      }
      await this.care.clear(order.id);
      refuseBeyond(await this.check(), order.flavour, this.settings.memoryCommitment);
      const { template, coldReason } = await this.choose(order);
      if (template === null) return this.make(order, coldReason, spec.console.password);
      try {
        const machine = await this.make({ ...order, template }, null, spec.console.password);
        void this.keeper?.worked(template).catch((error: unknown) => this.care.log('warn', 'a record could not be kept', order.id, error));
        return machine;
      } catch (error) {
        if (error instanceof HypervisorError && NOT_THE_TEMPLATE.has(error.reason)) throw error;
        await this.keeper?.failed(template, error instanceof HypervisorError ? error.detail : textOf(error));
        return this.make(order, COLD_REASONS.failed, spec.console.password);
      }
    });
  }

  async personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void> {
    const record = await this.running(id);
    if (!record.order.image.agent) return;
    const bootId = await this.agentOf(id).personalise(record.order, withOwnKeyboard(record.order, what), timeoutMs, this.settings.now);
    await this.care.update(id, (current) => ({ ...current, personalised: { bootId, mounts: what.mounts } }));
    this.changed(id);
  }

  async setDisplay(id: string, size: DisplaySize): Promise<void> {
    const record = await this.running(id);
    this.care.refuseForeign(record);
    if (!record.order.image.agent) throw displayFixed(`${id}: its image has no agent`);
    const agent = this.agentOf(id);
    try {
      await agent.command(displayCommand(size), DISPLAY_MS);
    } catch (error) {
      throw error instanceof GuestRefused ? displayFixed(`${id}: ${error.detail}`) : error;
    }
  }

  async files(id: string): Promise<GuestFiles> {
    const machine = await this.find(id);
    const record = await this.care.recordOf(id);
    if (!record || machine?.phase !== 'on' || this.care.isForeign(record)) throw MachineFiles.notRunning(id);
    return this.machineFiles.files(record);
  }

  async shareUses(id: string): Promise<ShareUse[]> {
    const live = this.care.live.get(id);
    const record = live ? await this.care.recordOf(id) : null;
    return live && record && !this.care.isForeign(record) ? live.scratch.uses(record) : [];
  }

  async cpuSeconds(id: string): Promise<number | null> {
    const process = (await this.care.recordOf(id))?.process;
    return process ? cpuSecondsOf(process) : null;
  }

  async start(id: string, consolePassword: string, launch: NextLaunch = {}): Promise<void> {
    await this.lock.run(id, async () => {
      const record = await this.care.recordOf(id);
      if (!record) throw refused('start-failed', `no machine ${id}`);
      this.care.refuseForeign(record);
      if ((await this.care.observe(record)).phase === 'on') return;
      const settled = await this.care.settled(id);
      const current = { ...settled, order: { ...settled.order, ...withoutAbsent(launch) } };
      refuseBeyond(await this.check(), { ...record.order.flavour, diskMib: 0 }, this.settings.memoryCommitment);
      try {
        await this.care.bringUp({ ...current, path: 'cold', coldReason: COLD_REASONS.kept }, consolePassword);
      } catch (error) {
        await this.care.end(id);
        await this.care.store.write({ ...current, process: null });
        throw error;
      }
    });
  }

  async stop(id: string, how: 'ask' | 'cut' = 'ask'): Promise<void> {
    const record = await this.care.recordOf(id);
    if (!record) return;
    this.care.refuseForeign(record);
    if ((await this.care.observe(record)).phase === 'off') return;
    if (how === 'cut') {
      await this.lock.run(id, () => this.care.settled(id));
      return;
    }
    const link = this.care.live.get(id)?.link;
    const asked = link?.bootId ? link.agentClient?.command('poweroff', POWER_OFF_MS) : undefined;
    if (asked) asked.catch((error: unknown) => this.care.log('warn', 'the guest did not take the power-off', id, error));
    else await (await link?.control())?.execute('system_powerdown');
  }

  async destroy(id: string): Promise<void> {
    await this.lock.run(id, async () => {
      const stored = await this.care.store.read(id);
      // Somebody may have removed the folder by hand, under a process that runs.
      if (stored.kind === 'absent') return this.care.end(id);
      if (stored.kind === 'record') {
        this.care.refuseForeign(stored.record);
        await this.care.store.write({ ...stored.record, phase: 'ending' });
      }
      await this.care.clear(id);
    });
    this.rounds.forget(id);
    this.machineFiles.forget(id);
    this.changed(id);
  }

  async find(id: string): Promise<Machine | null> {
    return this.lock.run(id, async () => {
      const stored = await this.care.store.read(id);
      if (stored.kind === 'absent') return null;
      if (stored.kind === 'unreadable') {
        await this.care.clear(id);
        return null;
      }
      if (stored.record.phase === 'made' || this.care.isForeign(stored.record)) return this.care.observe(stored.record);
      // A create or destroy of a process that is no more: undone, so that "gone" is true when it is said.
      await this.care.clear(id);
      return null;
    });
  }

  async list(): Promise<Machine[]> {
    const ids = await this.care.store.ids();
    const found = await Promise.all(ids.map((id) => this.glance(id)));
    return found.filter((machine) => machine !== null);
  }

  async check(): Promise<HostCapacity> {
    const figures = await this.settings.launcher.figures();
    if (figures.warning && figures.warning !== this.warned) this.settings.log('warn', figures.warning, {});
    this.warned = figures.warning;
    const records = await this.records();
    return capacityLeft(figures, records.map((record) => ({ record, files: this.care.store.files(record.order.id) })), this.settings);
  }

  async keepTemplates(specs: TemplateSpec[]): Promise<void> {
    await this.keeper?.keep(specs);
  }

  async templates(): Promise<Template[]> {
    return (await this.keeper?.list()) ?? [];
  }

  async rebuildTemplate(key: string): Promise<void> {
    await this.keeper?.rebuild(key);
  }

  gpus(): Promise<Gpu[]> {
    return this.settings.launcher.gpus();
  }

  watch(changed: (id: string) => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.rounds.close();
    this.machineFiles.close();
    this.listeners.clear();
    await this.keeper?.close();
    for (const id of [...this.care.live.keys()]) this.care.unlink(id);
    await this.settings.launcher.close();
  }

  private async running(id: string): Promise<MachineRecord> {
    const machine = await this.find(id);
    const record = await this.care.recordOf(id);
    if (record && machine?.phase === 'on') return record;
    throw new HypervisorError('Your desktop is not running.', 'agent-failed', `${id} is not on`);
  }

  private agentOf(id: string): AgentClient {
    const agent = this.care.live.get(id)?.link.agentClient;
    if (agent) return agent;
    throw new HypervisorError('Your desktop did not answer.', 'agent-failed', `${id}: no connection to the agent`);
  }

  private async make(order: MachineOrder, coldReason: string | null, password: string): Promise<Machine> {
    const record: MachineRecord = {
      ...{ version: 1, phase: 'making', order, createdAt: this.settings.now().toISOString(), process: null, argv: [] },
      ...{ exit: null, notice: null, personalised: null, path: order.template === null ? 'cold' : 'clone', coldReason },
    };
    try {
      await this.settings.launcher.prepare(order.id);
      await this.care.store.write(record);
      return await this.care.bringUp(record, password);
    } catch (error) {
      await this.care.clear(order.id).catch((left: unknown) => {
        this.care.log('error', 'a refused machine is not cleaned up', order.id, left);
      });
      throw error;
    }
  }

  /** Never in the way of a launch: where it can't be told, the machine boots. */
  private async choose(order: MachineOrder): Promise<Choice> {
    if (!this.keeper) return { template: null, coldReason: null };
    try {
      return await this.keeper.choose(order);
    } catch (error) {
      this.care.log('warn', 'no template could be chosen', order.id, error);
      return { template: null, coldReason: COLD_REASONS.failed };
    }
  }

  private makeKeeper(): TemplateKeeper | null {
    const { templatesDir, launcher } = this.settings;
    if (templatesDir === null) return null;
    return new TemplateKeeper({
      store: new TemplateStore(templatesDir, launcher),
      launcher,
      settings: this.settings,
      inUse: async () => (await this.records()).flatMap(({ order }) => order.template ?? []),
      roomFor: async ({ flavour }) => {
        try {
          // Its memory is a file, and its disk holds what it wrote while booting.
          refuseBeyond(await this.check(), { ...flavour, diskMib: flavour.memoryMib }, this.settings.memoryCommitment);
          return null;
        } catch (error) {
          if (error instanceof MachineRefused) return error.detail;
          throw error;
        }
      },
    });
  }

  /** Its end may have to do with the template that it and all other copies share. */
  private crashed({ id, template }: MachineOrder): void {
    if (template === null) return;
    this.keeper?.suspect(template).catch((error: unknown) => this.care.log('warn', 'a template could not be checked', id, error));
  }

  /** Of all machines of this host, whoever they belong to. */
  private async records(): Promise<MachineRecord[]> {
    const stored = await Promise.all((await this.care.store.ids()).map((id) => this.care.store.read(id)));
    return stored.flatMap((one) => (one.kind === 'record' ? [one.record] : []));
  }

  /** One machine for `list`: waits for nothing that is under way. */
  private async glance(id: string): Promise<Machine | null> {
    const stored = await this.care.store.read(id);
    if (stored.kind === 'absent') return null;
    if (this.lock.busy(id)) {
      if (stored.kind !== 'record' || stored.record.phase === 'making') return null;
      return viewOf(stored.record, this.care.alive(stored.record), this.care.live.get(id)?.link ?? null);
    }
    const halfMade = stored.kind === 'unreadable' || (stored.record.phase !== 'made' && !this.care.isForeign(stored.record));
    if (halfMade && stored.ageMs < ABANDONED_MS) return null;
    return this.find(id);
  }

  private changed(id: string): void {
    for (const listener of this.listeners) listener(id);
  }
}
