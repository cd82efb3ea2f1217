import { HypervisorError } from '../errors';
import { Hypervisor } from '../hypervisor';
import { HostCapacity, Machine, MachineSpec, Personalisation, Template, TemplateSpec } from '../machine';
import { capacityLeft, refuseBeyond } from './capacity';
import { KeyedLock } from './keyed-lock';
import { ProcessIdentity } from './launcher/launcher';
import { seesAlive } from './launcher/processes';
import { refused, textOf } from './launcher/refusals';
import { MachineLink } from './machine-link';
import { machineOrder } from './machine-order';
import { bringUp } from './machine-starter';
import { MachineStore } from './machine-store';
import { viewOf } from './machine-view';
import { QemuOptions, QemuSettings, withDefaults } from './options';
import { MachineRecord } from './record';
import { ENDED, ScratchGuard } from './scratch-guard';

/** How long nothing must have happened to a half-made machine before a mere look at all of them removes it. */
const ABANDONED_MS = 60_000;
/** How long QEMU may take to close a disk that is kept. */
const QUIT_MS = 5000;

interface Live {
  link: MachineLink;
  scratch: ScratchGuard;
}

/**
 * Machines as QEMU processes of this host, detached from us: they survive our end, and `machine.json` in each one's folder lets the next of us
 * take them over. One task at a time per machine.
 */
export class QemuHypervisor extends Hypervisor {
  private readonly settings: QemuSettings;
  private readonly store: MachineStore;
  private readonly lock = new KeyedLock();
  private readonly live = new Map<string, Live>();
  private readonly listeners = new Set<(id: string) => void>();
  private readonly lastSeen = new Map<string, string>();
  /** Machines that are off and surely have no process. */
  private readonly seenOff = new Set<string>();
  /** Machines whose silence is in the log already. */
  private readonly mute = new Set<string>();
  private readonly timers: NodeJS.Timeout[];
  private warned: string | null = null;
  private closed = false;

  constructor(options: QemuOptions) {
    super();
    this.settings = withDefaults(options);
    this.store = new MachineStore(this.settings.machinesDir, this.settings.launcher);
    this.timers = [this.every(this.settings.pollMs, () => this.poll()), this.every(this.settings.scratchMs, () => this.measure())];
  }

  async create(spec: MachineSpec): Promise<Machine> {
    const order = orderOf(spec);
    return this.lock.run(order.id, async () => {
      const stored = await this.store.read(order.id);
      if (stored.kind === 'record') {
        this.refuseForeign(stored.record);
        if (stored.record.phase === 'made') return this.observe(stored.record);
      }
      await this.clear(order.id);
      refuseBeyond(await this.check(), order.flavour, this.settings.memoryCommitment);
      const createdAt = this.settings.now().toISOString();
      const record: MachineRecord = {
        ...{ version: 1, phase: 'making', order, createdAt, process: null, argv: [] },
        ...{ exit: null, notice: null, personalised: null },
      };
      try {
        await this.settings.launcher.prepare(order.id);
        await this.store.write(record);
        return await this.bringUp(record, spec.console.password);
      } catch (error) {
        await this.clear(order.id).catch((left: unknown) => this.log('error', 'a refused machine is not cleaned up', order.id, left));
        throw error;
      }
    });
  }

  async personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void> {
    const machine = await this.find(id);
    const record = await this.recordOf(id);
    if (!record || machine?.phase !== 'on') {
      throw new HypervisorError('Your desktop is not running.', 'agent-failed', `${id} is not on`);
    }
    if (!record.order.image.agent) return;
    const agent = this.live.get(id)?.link.agentClient;
    if (!agent) throw new HypervisorError('Your desktop did not answer.', 'agent-failed', `${id}: no connection to the agent`);
    const bootId = await agent.personalise(what, timeoutMs, this.settings.now);
    await this.update(id, (current) => ({ ...current, personalised: { bootId, mounts: what.mounts } }));
    this.changed(id);
  }

  async start(id: string, consolePassword: string): Promise<void> {
    await this.lock.run(id, async () => {
      const record = await this.recordOf(id);
      if (!record) throw refused('start-failed', `no machine ${id}`);
      this.refuseForeign(record);
      if ((await this.observe(record)).phase === 'on') return;
      const current = await this.settled(id);
      refuseBeyond(await this.check(), { ...record.order.flavour, diskMib: 0 }, this.settings.memoryCommitment);
      try {
        await this.bringUp(current, consolePassword);
      } catch (error) {
        await this.end(id);
        await this.store.write({ ...current, process: null });
        throw error;
      }
    });
  }

  async stop(id: string, how: 'ask' | 'cut' = 'ask'): Promise<void> {
    const record = await this.recordOf(id);
    if (!record) return;
    this.refuseForeign(record);
    if ((await this.observe(record)).phase === 'off') return;
    if (how === 'cut') {
      await this.lock.run(id, () => this.settled(id));
      return;
    }
    const link = this.live.get(id)?.link;
    const asked = link?.bootId ? link.agentClient?.command('poweroff', QUIT_MS) : undefined;
    if (asked) asked.catch((error: unknown) => this.log('warn', 'the guest did not take the power-off', id, error));
    else await (await link?.control())?.execute('system_powerdown');
  }

  async keepTemplates(_specs: TemplateSpec[]): Promise<void> {
    return;
  }

  async templates(): Promise<Template[]> {
    return [];
  }

  async rebuildTemplate(_key: string): Promise<void> {
    return;
  }

  async destroy(id: string): Promise<void> {
    await this.lock.run(id, async () => {
      const stored = await this.store.read(id);
      // Somebody may have removed the folder by hand, under a process that runs.
      if (stored.kind === 'absent') return this.end(id);
      if (stored.kind === 'record') {
        this.refuseForeign(stored.record);
        await this.store.write({ ...stored.record, phase: 'ending' });
      }
      await this.clear(id);
    });
    this.changed(id);
  }

  async find(id: string): Promise<Machine | null> {
    return this.lock.run(id, async () => {
      const stored = await this.store.read(id);
      if (stored.kind === 'absent') return null;
      if (stored.kind === 'unreadable') {
        await this.clear(id);
        return null;
      }
      if (stored.record.phase === 'made' || this.isForeign(stored.record)) return this.observe(stored.record);
      // A create or destroy of a process that is no more: undone, so that "gone" is true when it is said.
      await this.clear(id);
      return null;
    });
  }

  async list(): Promise<Machine[]> {
    const ids = await this.store.ids();
    const found = await Promise.all(ids.map((id) => this.glance(id)));
    return found.filter((machine) => machine !== null);
  }

  async check(): Promise<HostCapacity> {
    const figures = await this.settings.launcher.figures();
    if (figures.warning && figures.warning !== this.warned) this.settings.log('warn', figures.warning, {});
    this.warned = figures.warning;
    const machines = [];
    for (const id of await this.store.ids()) {
      const stored = await this.store.read(id);
      if (stored.kind === 'record') machines.push({ record: stored.record, files: this.store.files(id) });
    }
    return capacityLeft(figures, machines, this.settings);
  }

  watch(changed: (id: string) => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timers.forEach(clearInterval);
    this.listeners.clear();
    for (const id of [...this.live.keys()]) this.unlink(id);
    await this.settings.launcher.close();
  }

  /** One machine for `list`: waits for nothing that is under way. */
  private async glance(id: string): Promise<Machine | null> {
    const stored = await this.store.read(id);
    if (stored.kind === 'absent') return null;
    if (this.lock.busy(id)) {
      if (stored.kind !== 'record' || stored.record.phase === 'making') return null;
      return viewOf(stored.record, this.alive(stored.record), this.live.get(id)?.link ?? null);
    }
    const halfMade = stored.kind === 'unreadable' || (stored.record.phase !== 'made' && !this.isForeign(stored.record));
    if (halfMade && stored.ageMs < ABANDONED_MS) return null;
    return this.find(id);
  }

  /** What a machine does now; off is noted in its record, with the reason, when it is first seen. */
  private async observe(record: MachineRecord): Promise<Machine> {
    const { id } = record.order;
    if (this.isForeign(record)) return viewOf(record, this.alive(record), null);
    if (!this.alive(record)) await this.endStray(id);
    if (record.exit !== null && !this.alive(record)) return viewOf(record, false, null);
    if (!this.alive(record)) {
      this.unlink(id);
      const off: MachineRecord = { ...record, exit: 'crashed', personalised: null };
      await this.store.write(off);
      this.log('warn', 'a machine died', id, await this.store.logTail(id));
      return viewOf(off, false, null);
    }
    const { link } = this.linked(record);
    await link.connect().then(
      () => this.mute.delete(id),
      (error: unknown) => {
        if (!this.mute.has(id)) this.log('warn', 'a machine does not answer', id, error);
        this.mute.add(id);
      },
    );
    // Connecting may have told that the guest is off.
    const current = (await this.recordOf(id)) ?? record;
    return viewOf(current, current.exit === null, link);
  }

  /** Whether the machine's process runs. @throws HypervisorUnreachable when that cannot be seen */
  private alive({ order, process }: MachineRecord): boolean {
    return process !== null && seesAlive(order.id, process);
  }

  private linked(record: MachineRecord): Live {
    const { id, image } = record.order;
    const known = this.live.get(id);
    if (known) return known;
    const link = new MachineLink(this.store.files(id), image.agent, {
      changed: () => this.changed(id),
      off: (exit) => this.wentOff(id, exit),
    });
    const made = { link, scratch: new ScratchGuard(this.settings.launcher, this.settings.reserve.diskMib) };
    this.live.set(id, made);
    return made;
  }

  private unlink(id: string): void {
    this.live.get(id)?.link.close();
    this.live.delete(id);
    this.mute.delete(id);
  }

  private async bringUp(record: MachineRecord, password: string): Promise<Machine> {
    const { id } = record.order;
    this.unlink(id);
    this.seenOff.delete(id);
    const { link } = this.linked(record);
    const { launcher, startMs } = this.settings;
    const made = await bringUp(record, password, { store: this.store, launcher, link, startMs });
    this.log('info', 'machine on', id, made.process);
    this.changed(id);
    return viewOf(made, true, link);
  }

  /** The guest is off and QEMU waits: the reason is noted first, then QEMU may go. */
  private wentOff(id: string, exit: 'guest-poweroff' | 'crashed'): void {
    const noted = this.lock.run(id, async () => {
      const record = await this.recordOf(id);
      if (record && record.exit === null) await this.settled(id, exit);
    });
    noted.catch((error: unknown) => this.log('warn', 'a machine went off and could not be tidied up', id, error));
  }

  /** Ends what is left of a machine's process and notes that it is off. */
  private async settled(id: string, exit: 'guest-poweroff' | 'crashed' = 'crashed', notice?: string): Promise<MachineRecord> {
    const record = await this.recordOf(id);
    if (!record) throw refused('start-failed', `no machine ${id}`);
    const off: MachineRecord = { ...record, exit: record.exit ?? exit, personalised: null, notice: notice ?? record.notice };
    await this.store.write(off);
    await this.quit(id, record.process);
    this.log('info', 'machine off', id, off.exit);
    this.changed(id);
    return off;
  }

  /** Lets QEMU close its disk, then makes sure. */
  private async quit(id: string, process: ProcessIdentity | null): Promise<void> {
    const link = this.live.get(id)?.link;
    if (link) await (await link.control().catch(() => null))?.execute('quit').catch(() => undefined);
    for (const end = Date.now() + QUIT_MS; process && seesAlive(id, process) && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.end(id);
  }

  /** Ends the machine's process, whether the record knows it or not, and waits until it is gone. */
  private async end(id: string): Promise<void> {
    this.unlink(id);
    const { launcher } = this.settings;
    const record = await this.recordOf(id);
    if (record?.process) await launcher.kill(id, record.process);
    const stray = await launcher.locate(id);
    if (stray) await launcher.kill(id, stray);
  }

  /** A start that was cut short may have left a process the record does not know: looked for once, when we first see the machine off. */
  private async endStray(id: string): Promise<void> {
    if (this.seenOff.has(id)) return;
    const stray = await this.settings.launcher.locate(id);
    if (stray) await this.settings.launcher.kill(id, stray);
    this.seenOff.add(id);
  }

  /** Ends the process and removes all that the machine held. Nothing there is success. */
  private async clear(id: string): Promise<void> {
    if ((await this.store.read(id)).kind === 'absent') return;
    await this.end(id);
    await this.settings.launcher.remove(id);
    this.lastSeen.delete(id);
  }

  private async recordOf(id: string): Promise<MachineRecord | null> {
    const stored = await this.store.read(id);
    return stored.kind === 'record' ? stored.record : null;
  }

  private async update(id: string, how: (record: MachineRecord) => MachineRecord): Promise<void> {
    await this.lock.run(id, async () => {
      const record = await this.recordOf(id);
      if (record?.phase === 'made') await this.store.write(how(record));
    });
  }

  private isForeign(record: MachineRecord): boolean {
    return record.order.installation !== this.settings.installation;
  }

  private refuseForeign(record: MachineRecord): void {
    if (this.isForeign(record)) {
      throw refused('start-failed', `${record.order.id} belongs to installation ${record.order.installation}`);
    }
  }

  /** Looks at every machine, so that adoption, a death and a power-off need nobody to ask. */
  private async poll(): Promise<void> {
    for (const machine of await this.list()) {
      const seen = JSON.stringify(machine);
      const before = this.lastSeen.get(machine.id);
      this.lastSeen.set(machine.id, seen);
      if (before !== undefined && before !== seen) this.changed(machine.id);
    }
  }

  private async measure(): Promise<void> {
    for (const [id, { link, scratch }] of [...this.live]) {
      const record = await this.recordOf(id);
      if (!record || record.phase !== 'made' || record.exit !== null) continue;
      const { end, notice } = await scratch.look(record, link.agentClient, this.settings.now().getTime());
      if (end) await this.lock.run(id, () => this.settled(id, 'crashed', ENDED));
      else if (notice !== undefined && notice !== record.notice) {
        await this.update(id, (current) => ({ ...current, notice }));
        this.changed(id);
      }
    }
  }

  private every(ms: number, task: () => Promise<void>): NodeJS.Timeout {
    let busy = false;
    const once = async () => {
      if (busy || this.closed) return;
      busy = true;
      await task().catch((error: unknown) => this.settings.log('warn', 'looking after machines failed', { detail: textOf(error) }));
      busy = false;
    };
    return setInterval(() => void once(), ms).unref();
  }

  private changed(id: string): void {
    for (const listener of this.listeners) listener(id);
  }

  private log(level: 'info' | 'warn' | 'error', message: string, id: string, detail: unknown): void {
    const text = detail instanceof HypervisorError ? detail.detail : detail instanceof Error ? detail.message : detail;
    this.settings.log(level, message, { machine: id, detail: text });
  }
}

/** The spec without its secret, checked. @throws MachineRefused */
function orderOf(spec: MachineSpec) {
  const { password, ...console } = spec.console;
  const order = machineOrder.safeParse({ ...spec, console });
  if (!order.success) throw refused('start-failed', order.error.message);
  if (password === '' || (console.protocol === 'vnc' && console.port < 5900)) {
    throw refused('start-failed', 'a console needs a password, and VNC a port of 5900 or above');
  }
  return order.data;
}
