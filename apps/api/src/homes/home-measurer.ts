import type { Hypervisor, ShareUse } from '@beamdesk/hypervisor';
import type { DataSource } from 'typeorm';

/** Writes down what home folders hold, as the machines of one host that have them mounted see it. */
export class HomeMeasurer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Pick<Hypervisor, 'shareUses'>,
  ) {}

  async measure(hostId: string): Promise<void> {
    const rows = await this.dataSource.query<{ id: string; ownerId: string }[]>(
      `SELECT id, owner_id AS "ownerId" FROM instance
       WHERE host_id = $1 AND state IN ('STARTING','READY','STOPPING') AND data_access->'shares' @> '[{"tag":"home"}]'`,
      [hostId],
    );
    const used = new Map<string, number>();
    for (const { id, ownerId } of rows) {
      const uses: ShareUse[] = await this.hypervisor.shareUses(id);
      const home = uses.find(({ tag }) => tag === 'home');
      if (home) used.set(ownerId, home.usedBytes);
    }
    if (used.size === 0) return;
    await this.dataSource.query(
      `INSERT INTO home_use (user_id, used_bytes, measured_at)
       SELECT u.id, u.bytes, clock_timestamp() FROM unnest($1::uuid[], $2::bigint[]) AS u(id, bytes)
       ON CONFLICT (user_id) DO UPDATE SET used_bytes = EXCLUDED.used_bytes, measured_at = EXCLUDED.measured_at`,
      [[...used.keys()], [...used.values()]],
    );
  }
}
