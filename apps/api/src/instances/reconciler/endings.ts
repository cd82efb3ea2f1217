import type { Hypervisor, Machine } from '@beamdesk/hypervisor';
import type { InstanceEntity } from '../entities/instance.entity';
import { wantedWhenStopped } from '../instance-lifecycle';
import type { InstancesRepository } from '../instances.repository';
import { FAILURES } from './failures';
import { type Again, NOW, type Progress } from './progress';

/** The ways an instance ends or rests: the row lets go only of what is confirmed gone. */
export class Endings {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly hypervisor: Hypervisor,
    private readonly progress: Progress,
  ) {}

  /** Found off where it should be on. */
  async wentOff(row: InstanceEntity, machine: Machine): Promise<Again> {
    if (machine.exit !== 'guest-poweroff') {
      const { code, message } = FAILURES.crashed;
      return this.progress.beginFailure(row, { code, message: machine.notice ?? message });
    }
    await this.instances.want(row.id, wantedWhenStopped(row), 'guest-poweroff', ['RUNNING']);
    return true;
  }

  /** @param patient the guest still has time to power off by itself */
  async stop(row: InstanceEntity, patient: boolean): Promise<Again> {
    const machine = await this.hypervisor.find(row.id);
    if (!machine && row.builtAt) return this.progress.beginFailure(row, FAILURES.lost);
    if (!machine) {
      // Stopped before anything was made: there is no disk to keep.
      await this.instances.want(row.id, 'DELETED', row.wantedReason, ['STOPPED']);
      return true;
    }
    if (machine.phase === 'off') {
      const set = { expiresAt: null, notice: null, builtAt: row.builtAt ?? NOW };
      return this.progress.move(row, 'STOPPED', 'machine-off', null, set, true);
    }
    await this.hypervisor.stop(row.id, patient ? 'ask' : 'cut');
    await this.progress.observe(row, row.step, machine.notice);
    return false;
  }

  /** Takes away what is left, except a disk that may hold somebody's work; FAILED only once nothing runs. */
  async fail(row: InstanceEntity): Promise<Again> {
    const diskKept = row.plan.keepsDisk && row.readyAt !== null;
    const machine = await this.hypervisor.find(row.id);
    if (machine && diskKept && machine.phase === 'on') await this.hypervisor.stop(row.id, 'cut');
    if (machine && !diskKept) await this.hypervisor.destroy(row.id);
    const left = machine && (await this.hypervisor.find(row.id));
    if (left && (left.phase === 'on' || !diskKept)) return false;
    const set = left ? { expiresAt: null, notice: null } : { notice: null, builtAt: null };
    return this.progress.move(row, 'FAILED', row.failureCode ?? 'FAILED', null, set, left !== null);
  }

  /** Machine and disk, until both are confirmed gone. */
  async delete(row: InstanceEntity): Promise<Again> {
    await this.hypervisor.destroy(row.id);
    if (await this.hypervisor.find(row.id)) return false;
    return this.progress.move(row, 'DELETED', 'machine-gone', null, { notice: null });
  }
}
