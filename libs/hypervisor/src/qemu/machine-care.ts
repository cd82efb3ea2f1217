import { HypervisorError } from '../errors';
import { Machine } from '../machine';
import { KeyedLock } from './keyed-lock';
import { ProcessIdentity } from './launcher/launcher';
import { seesAlive } from './launcher/processes';
import { refused } from './launcher/refusals';
import { MachineLink } from './machine-link';
import { MachineOrder } from './machine-order';
import { bringUp } from './machine-starter';
import { MachineStore } from './machine-store';
import { viewOf } from './machine-view';
import { QemuSettings } from './options';
import { MachineRecord } from './record';
import { ScratchGuard } from './scratch-guard';

/** How long QEMU may take to close a disk that is kept. */
const QUIT_MS = 5000;

export interface Live {
  link: MachineLink;
  scratch: ScratchGuard;
}

export interface CareListener {
  changed(id: string): void;
  /** A machine's process ended without its guest having powered off. */
  crashed(order: MachineOrder): void;
}

/**
 * What is known of single machines, and what is done to one: brought up, looked at, ended. Callers hold the machine's lock where they
 * change something.
 */
export class MachineCare {
  readonly store: MachineStore;
  readonly live = new Map<string, Live>();
  /** Machines that are off and surely have no process. */
  private readonly seenOff = new Set<string>();
  /** Machines whose silence is in the log already. */
  private readonly mute = new Set<string>();
  /** Under which machines' launches are in the logs. */
  private readonly requests = new Map<string, string>();

  constructor(
    private readonly settings: QemuSettings,
    private readonly lock: KeyedLock,
    private readonly listener: CareListener,
  ) {
    this.store = new MachineStore(settings.machinesDir, settings.launcher);
  }

  async recordOf(id: string): Promise<MachineRecord | null> {
    const stored = await this.store.read(id);
    return stored.kind === 'record' ? stored.record : null;
  }

  async update(id: string, how: (record: MachineRecord) => MachineRecord): Promise<void> {
    await this.lock.run(id, async () => {
      const record = await this.recordOf(id);
      if (record?.phase === 'made') await this.store.write(how(record));
    });
  }

  isForeign(record: MachineRecord): boolean {
    return record.order.installation !== this.settings.installation;
  }

  refuseForeign(record: MachineRecord): void {
    if (this.isForeign(record)) {
      throw refused('start-failed', `${record.order.id} belongs to installation ${record.order.installation}`);
    }
  }

  /** Whether the machine's process runs. @throws HypervisorUnreachable when that cannot be seen */
  alive({ order, process }: MachineRecord): boolean {
    return process !== null && seesAlive(order.id, process);
  }

  async bringUp(record: MachineRecord, password: string): Promise<Machine> {
    const { id } = record.order;
    this.unlink(id);
    this.seenOff.delete(id);
    const { link } = this.linked(record);
    const { launcher, startMs, wakeMs } = this.settings;
    const made = await bringUp(record, password, { store: this.store, launcher, link, startMs, wakeMs });
    this.log('info', `machine on (${made.path})`, id, made.process);
    this.listener.changed(id);
    return viewOf(made, true, link);
  }

  /** What a machine does now; off is noted in its record, with the reason, when it is first seen. */
  async observe(record: MachineRecord): Promise<Machine> {
    const { id } = record.order;
    if (this.isForeign(record)) return viewOf(record, this.alive(record), null);
    if (!this.alive(record)) await this.endStray(id);
    if (record.exit !== null && !this.alive(record)) return viewOf(record, false, null);
    if (!this.alive(record)) {
      this.unlink(id);
      const off: MachineRecord = { ...record, exit: 'crashed', personalised: null };
      await this.store.write(off);
      this.log('warn', 'a machine died', id, await this.store.logTail(id));
      this.listener.crashed(record.order);
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

  /** Ends what is left of a machine's process and notes that it is off. */
  async settled(id: string, exit: 'guest-poweroff' | 'crashed' = 'crashed', notice?: string): Promise<MachineRecord> {
    const record = await this.recordOf(id);
    if (!record) throw refused('start-failed', `no machine ${id}`);
    const off: MachineRecord = { ...record, exit: record.exit ?? exit, personalised: null, notice: notice ?? record.notice };
    await this.store.write(off);
    await this.quit(id, record.process);
    await this.release(off);
    this.log('info', 'machine off', id, off.exit);
    this.listener.changed(id);
    return off;
  }

  /** Ends the machine's process, whether the record knows it or not, and waits until it is gone. */
  async end(id: string): Promise<void> {
    this.unlink(id);
    const { launcher } = this.settings;
    const record = await this.recordOf(id);
    if (record?.process) await launcher.kill(id, record.process);
    const stray = await launcher.locate(id);
    if (stray) await launcher.kill(id, stray);
  }

  /** Ends the process and removes all that the machine held. Nothing there is success. */
  async clear(id: string): Promise<void> {
    if ((await this.store.read(id)).kind === 'absent') return;
    const record = await this.recordOf(id);
    await this.end(id);
    if (record) await this.release(record);
    await this.settings.launcher.remove(id);
    this.requests.delete(id);
  }

  /** Gives back the cards of a machine that is off; one that can't be is for the next who gets it, who resets it too. */
  private async release({ order }: MachineRecord): Promise<void> {
    for (const address of order.gpus) {
      await this.settings.launcher.gpuRelease(address).catch((error: unknown) => this.log('warn', 'a card is not given back', order.id, error));
    }
  }

  unlink(id: string): void {
    this.live.get(id)?.link.close();
    this.live.delete(id);
    this.mute.delete(id);
  }

  log(level: 'info' | 'warn' | 'error', message: string, id: string, detail: unknown): void {
    const text = detail instanceof HypervisorError ? detail.detail : detail instanceof Error ? detail.message : detail;
    this.settings.log(level, message, { machine: id, requestId: this.requests.get(id), detail: text });
  }

  private linked(record: MachineRecord): Live {
    const { id, image, requestId, console } = record.order;
    if (requestId) this.requests.set(id, requestId);
    const known = this.live.get(id);
    if (known) return known;
    const listener = { changed: () => this.listener.changed(id), off: (exit: 'guest-poweroff' | 'crashed') => this.wentOff(id, exit) };
    const link = new MachineLink(this.store.files(id), image.agent, listener, console.protocol === 'vnc');
    const made = { link, scratch: new ScratchGuard(this.settings.launcher, this.settings.reserve.diskMib) };
    this.live.set(id, made);
    return made;
  }

  /** The guest is off and QEMU waits: the reason is noted first, then QEMU may go. */
  private wentOff(id: string, exit: 'guest-poweroff' | 'crashed'): void {
    const noted = this.lock.run(id, async () => {
      const record = await this.recordOf(id);
      if (record && record.exit === null) await this.settled(id, exit);
    });
    noted.catch((error: unknown) => this.log('warn', 'a machine went off and could not be tidied up', id, error));
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

  /** A start that was cut short may have left a process the record does not know: looked for once, when we first see the machine off. */
  private async endStray(id: string): Promise<void> {
    if (this.seenOff.has(id)) return;
    const stray = await this.settings.launcher.locate(id);
    if (stray) await this.settings.launcher.kill(id, stray);
    this.seenOff.add(id);
  }
}
