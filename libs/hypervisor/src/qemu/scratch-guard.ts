import { AgentClient } from './agent-client';
import { encodeText } from './agent-protocol';
import { Launcher } from './launcher/launcher';
import { MachineRecord } from './record';
import { decideScratch, freshScratch, ScratchState } from './scratch-watch';

/** What came of a look at a machine's writable shares. `notice` is for its user; undefined = as before. */
export interface ScratchVerdict {
  end: boolean;
  notice: string | null | undefined;
}

const FULL = 'Your scratch folder is full: delete files you no longer need. New files cannot be kept.';
export const ENDED = 'This desktop was ended because its scratch folder outgrew its limit.';
const REMOUNT_MS = 5000;

/** Keeps the writable shares of one machine in bounds. */
export class ScratchGuard {
  private readonly states = new Map<string, ScratchState>();

  constructor(
    private readonly launcher: Launcher,
    private readonly floorMib: number,
  ) {}

  async look(record: MachineRecord, agent: AgentClient | null, now: number): Promise<ScratchVerdict> {
    const verdict: ScratchVerdict = { end: false, notice: undefined };
    for (const { tag, hostPath, readOnly, limitMib } of record.order.shares) {
      if (readOnly || limitMib === null) continue;
      const usage = await this.launcher.scratchUsage(hostPath);
      const before = this.states.get(tag) ?? freshScratch;
      const bounds = { limitBytes: limitMib * 1024 * 1024, floorBytes: this.floorMib * 1024 * 1024 };
      const { state, action } = decideScratch(before, { ...usage, ...bounds, now });
      this.states.set(tag, state);
      if (action === 'end') verdict.end = true;
      else if (action !== 'none') await this.remount(record, agent, tag, action === 'lock' ? 'ro' : 'rw');
      if (state.level !== before.level) verdict.notice = state.level === 'full' ? FULL : null;
    }
    return verdict;
  }

  /** A guest that does not obey is met by the hard limit. */
  private async remount(record: MachineRecord, agent: AgentClient | null, tag: string, how: 'ro' | 'rw'): Promise<void> {
    const mount = record.personalised?.mounts.find((each) => each.tag === tag);
    if (!mount || !agent) return;
    await agent.command(`remount ${encodeText(mount.guestPath)} ${how}`, REMOUNT_MS).catch(() => undefined);
  }
}
