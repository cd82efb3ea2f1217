import { ShareUse } from '../machine';
import { AgentClient } from './agent-client';
import { encodeText } from './agent-protocol';
import { Launcher } from './launcher/launcher';
import { MachineRecord } from './record';
import { decideScratch, freshScratch, ScratchState } from './scratch-watch';

/** What came of a look at a machine's writable shares. `notice` is for its user; undefined = as before. */
export interface ScratchVerdict {
  /** Why the machine is to end, for its user; null = it may go on. */
  end: string | null;
  notice: string | null | undefined;
}

const full = (tag: string) => `Your ${tag} folder is full: delete files you no longer need. New files cannot be kept.`;
const ended = (tag: string) => `This desktop was ended because its ${tag} folder outgrew its limit.`;
const REMOUNT_MS = 5000;
/** A folder of very many files is measured less often, so that measuring takes at most a tenth of the time. */
const REST = 9;

/** Keeps the writable shares of one machine in bounds: scratch, and its owner's home folder, which other desktops may fill as well. */
export class ScratchGuard {
  private readonly states = new Map<string, ScratchState>();
  private readonly notBefore = new Map<string, number>();

  constructor(
    private readonly launcher: Launcher,
    private readonly floorMib: number,
  ) {}

  async look(record: MachineRecord, agent: AgentClient | null, now: number): Promise<ScratchVerdict> {
    const verdict: ScratchVerdict = { end: null, notice: undefined };
    for (const { tag, hostPath, readOnly, limitMib } of record.order.shares) {
      if (readOnly || limitMib === null || now < (this.notBefore.get(tag) ?? 0)) continue;
      const started = performance.now();
      const usage = await this.launcher.scratchUsage(hostPath);
      this.notBefore.set(tag, now + REST * (performance.now() - started));
      const before = this.states.get(tag) ?? this.known(record, tag, now);
      const bounds = { limitBytes: limitMib * 1024 * 1024, floorBytes: this.floorMib * 1024 * 1024 };
      const { state, action } = decideScratch(before, { ...usage, ...bounds, now });
      this.states.set(tag, state);
      if (action === 'end') verdict.end ??= ended(tag);
      else if (action !== 'none') await this.remount(record, agent, tag, action === 'lock' ? 'ro' : 'rw');
      if (state.level !== before.level) verdict.notice = this.notice();
    }
    return verdict;
  }

  /** Of each writable share that was measured already. */
  uses({ order }: MachineRecord): ShareUse[] {
    return order.shares.flatMap(({ tag, limitMib }) => {
      const usedBytes = this.states.get(tag)?.usedBytes ?? null;
      return usedBytes === null || limitMib === null ? [] : [{ tag, usedBytes, limitMib }];
    });
  }

  /** Somebody else may have made it read-only before we came: the process that watched until now. */
  private known({ notice }: MachineRecord, tag: string, now: number): ScratchState {
    return notice?.includes(full(tag)) ? { level: 'full', lockedAt: now, usedBytes: null } : freshScratch;
  }

  private notice(): string | null {
    const tags = [...this.states].flatMap(([tag, { level }]) => (level === 'full' ? [tag] : []));
    return tags.map(full).join(' ') || null;
  }

  /** A guest that does not obey is met by the hard limit. */
  private async remount(record: MachineRecord, agent: AgentClient | null, tag: string, how: 'ro' | 'rw'): Promise<void> {
    const mount = record.personalised?.mounts.find((each) => each.tag === tag);
    if (!mount || !agent) return;
    await agent.command(`remount ${encodeText(mount.guestPath)} ${how}`, REMOUNT_MS).catch(() => undefined);
  }
}
