import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The free ports of the host's range, the ones above $2 first. */
const FREE_PORTS = `
  SELECT free.port FROM host, generate_series(port_from, port_to) AS free(port)
  WHERE host.id = $1 AND NOT EXISTS
    (SELECT FROM port_reservation taken WHERE taken.host_id = $1 AND taken.port = free.port)
  ORDER BY free.port <= $2, free.port LIMIT 1`;

const RESERVE = `
  WITH held AS (SELECT port FROM port_reservation WHERE instance_id = $3),
  taken AS (
    INSERT INTO port_reservation (host_id, port, instance_id)
    SELECT $1::text, free.port, $3::uuid FROM (${FREE_PORTS}) free WHERE NOT EXISTS (SELECT FROM held) RETURNING port)
  SELECT port FROM held UNION ALL SELECT port FROM taken`;

/** Console ports of a host, each held by at most one instance until its machine is confirmed gone. */
@Injectable()
export class PortReservations {
  /**
   * The port this instance holds, reserved now if it held none; null: the host's range is used up. The caller holds the lock of
   * the host.
   */
  async reserve(manager: EntityManager, hostId: string, instanceId: string): Promise<number | null> {
    const rows: { port: number }[] = await manager.query(RESERVE, [hostId, 0, instanceId]);
    return rows[0]?.port ?? null;
  }

  /** Gives up a port that some other program of the host listens on and takes the next free one; null: none is left. */
  async takeNext(manager: EntityManager, hostId: string, instanceId: string): Promise<number | null> {
    await this.lock(manager, hostId);
    const held = await this.heldBy(manager, instanceId);
    const free = await this.free(manager, hostId, held ?? 0);
    if (free === null || held === null) return null;
    await manager.query('UPDATE port_reservation SET port = $1 WHERE instance_id = $2', [free, instanceId]);
    return free;
  }

  private async lock(manager: EntityManager, hostId: string): Promise<void> {
    await manager.query('SELECT FROM host WHERE id = $1 FOR NO KEY UPDATE', [hostId]);
  }

  private async heldBy(manager: EntityManager, instanceId: string): Promise<number | null> {
    const rows: { port: number }[] = await manager.query('SELECT port FROM port_reservation WHERE instance_id = $1', [
      instanceId,
    ]);
    return rows[0]?.port ?? null;
  }

  private async free(manager: EntityManager, hostId: string, above: number): Promise<number | null> {
    const rows: { port: number }[] = await manager.query(FREE_PORTS, [hostId, above]);
    return rows[0]?.port ?? null;
  }
}
