import { DataSource } from 'typeorm';
import { InstancesRepository } from '../instances.repository';
import { wantedWhenStopped } from '../instance-lifecycle';
import { InstanceEntity } from '../entities/instance.entity';

/** Ends desktops by their timer: writes what is wanted, the reconciler does the rest. */
export class ExpirySweeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstancesRepository,
  ) {}

  /** A FAILED one is put away by its expiry, too; one that keeps a disk has none. */
  async sweep(hostId: string): Promise<void> {
    const expired = await this.dataSource
      .createQueryBuilder(InstanceEntity, 'i')
      .where(`i.hostId = :hostId AND i.state <> 'DELETED' AND i.wanted = 'RUNNING' AND i.expiresAt <= now()`, {
        hostId,
      })
      .getMany();
    for (const row of expired) {
      // Somebody may have extended it since it was read.
      await this.instances.want(row.id, wantedWhenStopped(row), 'expired', ['RUNNING'], 'expires_at <= now()');
    }
  }
}
