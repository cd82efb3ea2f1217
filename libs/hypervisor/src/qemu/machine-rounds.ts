import { Machine } from '../machine';
import { KeyedLock } from './keyed-lock';
import { textOf } from './launcher/refusals';
import { MachineCare } from './machine-care';
import { NfsWatch } from './nfs-watch';
import { QemuSettings } from './options';
import { MachineRecord } from './record';

const LOST_DATA = 'The data folder of this desktop does not answer any more. Save your work, end the desktop and start it again.';

export interface RoundsListener {
  list(): Promise<Machine[]>;
  changed(id: string): void;
}

/** What is looked at again and again without anybody asking. */
export class MachineRounds {
  private readonly nfs = new NfsWatch();
  private readonly lastSeen = new Map<string, string>();
  private readonly timers: NodeJS.Timeout[];
  private closed = false;

  constructor(
    private readonly settings: QemuSettings,
    private readonly care: MachineCare,
    private readonly lock: KeyedLock,
    private readonly listener: RoundsListener,
  ) {
    this.timers = [this.every(settings.pollMs, () => this.poll()), this.every(settings.scratchMs, () => this.measure())];
  }

  forget(id: string): void {
    this.lastSeen.delete(id);
    this.nfs.forget(id);
  }

  close(): void {
    this.closed = true;
    this.timers.forEach(clearInterval);
  }

  /** Looks at every machine, so that adoption, a death and a power-off need nobody to ask. */
  private async poll(): Promise<void> {
    for (const machine of await this.listener.list()) {
      const seen = JSON.stringify(machine);
      const before = this.lastSeen.get(machine.id);
      this.lastSeen.set(machine.id, seen);
      if (before !== undefined && before !== seen) this.listener.changed(machine.id);
    }
    for (const [id, { link }] of [...this.care.live]) {
      const record = await this.care.recordOf(id);
      if (record?.personalised) await this.nfs.look(record.order, link);
    }
  }

  private async measure(): Promise<void> {
    for (const [id, { link, scratch }] of [...this.care.live]) {
      const record = await this.care.recordOf(id);
      if (!record || record.phase !== 'made' || record.exit !== null) continue;
      if (await this.lostData(record)) continue;
      const { end, notice } = await scratch.look(record, link.agentClient, this.settings.now().getTime());
      if (end !== null) await this.lock.run(id, () => this.care.settled(id, 'crashed', end));
      else if (notice !== undefined && notice !== record.notice) {
        await this.care.update(id, (current) => ({ ...current, notice }));
        this.listener.changed(id);
      }
    }
  }

  /** Whether something that its guest reads by virtiofs is served no more, which nothing mends but a new start; its user is told. */
  private async lostData({ order, notice }: MachineRecord): Promise<boolean> {
    const tags = order.shares.flatMap(({ kind, tag }) => (kind === 'virtiofs' ? [tag] : []));
    if (tags.length === 0) return false;
    const served = await this.settings.launcher.servedTags(order.id);
    if (tags.every((tag) => served.includes(tag))) return false;
    if (notice === LOST_DATA) return true;
    this.care.log('warn', 'what served the data of a machine is gone', order.id, tags.filter((tag) => !served.includes(tag)));
    await this.care.update(order.id, (current) => ({ ...current, notice: LOST_DATA }));
    this.listener.changed(order.id);
    return true;
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
}
