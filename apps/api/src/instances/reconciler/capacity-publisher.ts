import { Hypervisor } from '@beamdesk/hypervisor';
import { DataSource } from 'typeorm';
import { HostEntity } from '../../site/entities/host.entity';
import type { HostLoad } from './host-load';

/** Writes to the host's row what the host can still carry, and how busy it is: the click decides by it. */
export class CapacityPublisher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Hypervisor,
    private readonly load: () => Promise<HostLoad>,
  ) {}

  async publish(hostId: string): Promise<void> {
    // Before the look: a machine that comes on meanwhile is not in the figures and must not count as seen.
    const [clock] = await this.dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const [capacity, load] = await Promise.all([this.hypervisor.check(), this.load()]);
    await this.dataSource
      .createQueryBuilder()
      .update(HostEntity)
      .set({ ...capacity, ...load, observedAt: clock?.now ?? null })
      .where('id = :hostId', { hostId })
      .execute();
  }
}
