import type { Gpu, Hypervisor } from '@beamdesk/hypervisor';
import type { DataSource, EntityManager } from 'typeorm';
import { HostGpuEntity } from './host-gpu.entity';

const GONE = 'The host does not have it any more.';

/** Writes down which graphics cards a host has: launches are given cards by it. */
export class GpuInventory {
  /** Whether the last look found any, or might have left some. */
  private any = true;

  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Pick<Hypervisor, 'gpus'>,
  ) {}

  async publish(hostId: string): Promise<void> {
    const gpus = await this.hypervisor.gpus();
    if (gpus.length === 0 && !this.any) return;
    await this.dataSource.transaction(async (manager) => {
      // Nobody leases meanwhile what is about to be gone.
      await manager.query('SELECT FROM host WHERE id = $1 FOR NO KEY UPDATE', [hostId]);
      await this.write(manager, hostId, gpus);
    });
    this.any = gpus.length > 0;
  }

  private async write(manager: EntityManager, hostId: string, gpus: Gpu[]): Promise<void> {
    const seenAt = new Date();
    await manager.upsert(
      HostGpuEntity,
      gpus.map((gpu) => ({ ...gpu, hostId, seenAt })),
      ['hostId', 'address'],
    );
    const here = [hostId, gpus.map(({ address }) => address)];
    // One that a desktop has stays until that ends, so that it is known what the desktop had.
    await manager.query(
      `DELETE FROM host_gpu gpu WHERE host_id = $1 AND address <> ALL($2) AND NOT EXISTS
         (SELECT FROM gpu_lease lease WHERE lease.host_id = gpu.host_id AND lease.address = gpu.address)`,
      here,
    );
    await manager.query('UPDATE host_gpu SET unusable = $3 WHERE host_id = $1 AND address <> ALL($2)', [...here, GONE]);
  }
}
