import type { InstanceEntity } from '../instances/entities/instance.entity';

/** What was just seen of a desktop. */
export interface Look {
  now: Date;
  inSession: boolean;
  /** Processor time of its machine since that is on. */
  cpuSeconds: number;
}

export interface IdleRules {
  /** From the warning to the stop. */
  graceMs: number;
  /** Of one processor: a machine that uses less does nothing for anybody. */
  cpuShare: number;
}

type IdleRow = Pick<InstanceEntity, 'plan' | 'cpuSeconds' | 'cpuSeenAt' | 'lastBusyAt' | 'readyAt' | 'idleStopAt'>;

/** busy: in use. quiet: not, and not for long enough. warn: long enough. stop: warned, and the grace is over. */
export type Judgement = 'busy' | 'quiet' | 'warn' | 'stop';

/** What to do about a desktop of a plan with an idle time. */
export function judge(row: IdleRow, look: Look, { cpuShare }: IdleRules): Judgement {
  if (look.inSession || worked(row, look, cpuShare)) return 'busy';
  if (row.idleStopAt !== null) return row.idleStopAt <= look.now ? 'stop' : 'quiet';
  const usedAt = Math.max(row.lastBusyAt?.getTime() ?? 0, row.readyAt?.getTime() ?? 0);
  const minutes = row.plan.idleMinutes ?? Infinity;
  return look.now.getTime() - usedAt >= minutes * 60_000 ? 'warn' : 'quiet';
}

/** Since the last look, on average; a machine that was switched on anew since then worked. */
function worked({ cpuSeconds, cpuSeenAt }: IdleRow, look: Look, cpuShare: number): boolean {
  if (cpuSeconds === null || cpuSeenAt === null) return false;
  if (look.cpuSeconds < cpuSeconds) return true;
  const seconds = (look.now.getTime() - cpuSeenAt.getTime()) / 1000;
  return look.cpuSeconds - cpuSeconds >= seconds * cpuShare && seconds > 0;
}
