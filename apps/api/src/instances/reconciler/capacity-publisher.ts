import { Hypervisor } from '@beamdesk/hypervisor';
import { DataSource } from 'typeorm';
import { HostEntity } from '../../site/entities/host.entity';

/** Writes to the host's row what the host can still carry: the click decides by it. */
export class CapacityPublisher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Hypervisor,
  ) {}

  async publish(hostId: string): Promise<void> {
    // Before the look: a machine that comes on meanwhile is not in the figures and must not count as seen.
    const [clock] = await this.dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const capacity = await this.hypervisor.check();
    await this.dataSource
      .createQueryBuilder()
      .update(HostEntity)
      .set({ ...capacity, observedAt: clock?.now ?? null })
      .where('id = :hostId', { hostId })
      .execute();
  }
}
