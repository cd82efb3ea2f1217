import type { InstanceState } from '@beamdesk/contracts';
import { Logger } from '@nestjs/common';
import { countMove } from '../../metrics/count-launch';
import type { InstanceEntity } from '../entities/instance.entity';
import type { InstanceSettings } from '../instance-settings';
import type { InstanceColumns, InstancesRepository } from '../instances.repository';
import type { Failure } from './failures';

/** True: the row changed, look again at once. False: wait for the next hint or tick. */
export type Again = boolean;

/** The database's clock: rows are compared with each other only. */
export const NOW = () => 'clock_timestamp()';

/** Moves that follow from what people want; all others from what the hypervisor just said. */
const UNSEEN: ReadonlySet<InstanceState> = new Set(['DELETING', 'STOPPING']);

/** What the reconciler writes about an instance. */
export class Progress {
  private readonly log = new Logger('Reconciler');

  constructor(
    private readonly instances: InstancesRepository,
    private readonly settings: Pick<InstanceSettings, 'observationMs'>,
  ) {}

  /** Lost the race for the row or won it: either way the next look at it tells how to go on, so always true. */
  async move(
    row: InstanceEntity,
    to: InstanceState,
    reason: string,
    step: string | null,
    set: InstanceColumns = {},
    diskKept = false,
  ): Promise<true> {
    const seen = UNSEEN.has(to) ? {} : { observedAt: NOW, unreachable: false };
    const moved = await this.instances.move(row, { to, reason, diskKept, set: { step, ...seen, ...set } });
    if (moved) countMove(row, to, set.launchPath as InstanceEntity['launchPath'] | undefined);
    if (moved) this.log.log({ msg: `instance ${row.state} → ${to}: ${reason}`, ...namesOf(row) });
    return true;
  }

  async beginFailure(row: InstanceEntity, { code, message }: Failure): Promise<true> {
    this.log.warn({ msg: `instance fails in ${row.state}: ${code}`, ...namesOf(row) });
    await this.instances.beginFailure(row, code, message);
    return true;
  }

  /** Told to the pages when something changed; written now and then even if nothing did. */
  async observe(
    row: InstanceEntity,
    step: string | null,
    notice: string | null,
    launch: Partial<Pick<InstanceEntity, 'launchPath' | 'launchColdReason'>> = {},
  ): Promise<void> {
    const seen = { ...pick(row), ...launch, step, notice };
    const changed = row.unreachable || Object.entries(pick(row)).some(([name, value]) => seen[name as Seen] !== value);
    const age = row.observedAt ? Date.now() - row.observedAt.getTime() : Infinity;
    if (!changed && age < this.settings.observationMs) return;
    await this.instances.note(row, { ...seen, observedAt: NOW, unreachable: false }, !changed);
  }

  async unreachable(row: InstanceEntity): Promise<void> {
    if (!row.unreachable) await this.instances.note(row, { unreachable: true });
  }
}

/** By what log lines about an instance are found: its own id, and that of the request that launched it. */
export function namesOf({ id, requestId }: Pick<InstanceEntity, 'id' | 'requestId'>) {
  return { instance: id, ...(requestId !== null && { requestId }) };
}

type Seen = 'step' | 'notice' | 'launchPath' | 'launchColdReason';

function pick({ step, notice, launchPath, launchColdReason }: InstanceEntity): Pick<InstanceEntity, Seen> {
  return { step, notice, launchPath, launchColdReason };
}
