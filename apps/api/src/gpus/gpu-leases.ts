import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** All of a host's that nobody has, near each other first; all that were asked for, or none. */
const LEASE = `
  WITH free AS (
    SELECT address FROM host_gpu gpu WHERE host_id = $1 AND unusable IS NULL AND NOT EXISTS
      (SELECT FROM gpu_lease lease WHERE lease.host_id = gpu.host_id AND lease.address = gpu.address)
    ORDER BY numa_node NULLS LAST, address LIMIT $3)
  INSERT INTO gpu_lease (host_id, address, instance_id)
  SELECT $1, address, $2 FROM free WHERE (SELECT count(*) FROM free) = $3
  RETURNING address`;

/** What ends the leases of the instances in `changed`; part of the statement that ends what else they hold. */
export const END_LEASES = 'DELETE FROM gpu_lease WHERE instance_id IN (SELECT id FROM changed)';

/** Graphics cards of hosts, each had by at most one instance, from its launch until its machine is confirmed off. */
@Injectable()
export class GpuLeases {
  /**
   * So many cards of the host for this instance, in the caller's transaction, which waits here for others that lease on the same host. What the
   * instance had before is given up. Null: there are not enough free ones, and it has none.
   */
  async lease(manager: EntityManager, hostId: string, instanceId: string, count: number): Promise<string[] | null> {
    await manager.query('SELECT FROM host WHERE id = $1 FOR NO KEY UPDATE', [hostId]);
    await manager.query('DELETE FROM gpu_lease WHERE instance_id = $1', [instanceId]);
    if (count === 0) return [];
    const rows: { address: string }[] = await manager.query(LEASE, [hostId, instanceId, count]);
    return rows.length === count ? rows.map(({ address }) => address).sort() : null;
  }

  /** The cards that an instance has, by address. */
  async of(manager: EntityManager, instanceId: string): Promise<string[]> {
    const rows: { address: string }[] = await manager.query(
      'SELECT address FROM gpu_lease WHERE instance_id = $1 ORDER BY address',
      [instanceId],
    );
    return rows.map(({ address }) => address);
  }
}
