import type { Flavour } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiError } from '../http/api-error';
import { InstanceSettings } from '../instances/instance-settings';
import type { HostEntity } from '../site/entities/host.entity';

type Figures = Pick<HostEntity, 'id' | 'memoryLimitMib' | 'diskReserveMib'> & {
  memoryTotalMib: number;
  memoryAvailableMib: number;
  diskAvailableMib: number;
  /** Sums over the instances of this host. */
  memoryHeldMib: number;
  diskHeldMib: number;
  /** Held by launches younger than the published figures, which therefore do not show in them. */
  memoryUnseenMib: number;
};

export interface Room {
  memoryMib: number;
  diskMib: number;
}

const FIGURES = `
  SELECT host.id, memory_limit_mib AS "memoryLimitMib", disk_reserve_mib AS "diskReserveMib",
    memory_total_mib AS "memoryTotalMib", memory_available_mib AS "memoryAvailableMib",
    disk_available_mib AS "diskAvailableMib",
    coalesce(sum(alloc_memory_mib), 0)::int AS "memoryHeldMib",
    coalesce(sum(alloc_storage_mib), 0)::int AS "diskHeldMib",
    coalesce(sum(alloc_memory_mib) FILTER
      (WHERE state IN ('REQUESTED', 'BUILDING') OR built_at > host.observed_at), 0)::int AS "memoryUnseenMib"
  FROM host LEFT JOIN instance ON host_id = host.id AND state <> 'DELETED' AND instance.id IS DISTINCT FROM $2
  WHERE active AND ($1::text IS NULL OR host.id = $1)
    AND host.observed_at > clock_timestamp() - make_interval(secs => $3)
  GROUP BY host.id`;

/** Which host takes one more desktop, by what its worker last saw and by what its instances may still grow to. */
@Injectable()
export class HostRooms {
  constructor(private readonly settings: InstanceSettings) {}

  /**
   * The roomiest host that can carry it; hosts stay locked until the transaction ends.
   * @param only the host that has the kept disk
   * @param except an instance that is launched again: what it holds now is its own
   * @throws ApiError 409 HOST_FULL with figures
   */
  async choose(
    manager: EntityManager,
    flavour: Flavour,
    { only = null, except = null }: { only?: string | null; except?: string | null } = {},
  ): Promise<string> {
    await manager.query('SELECT FROM host WHERE active ORDER BY id FOR NO KEY UPDATE');
    const hosts: Figures[] = await manager.query(FIGURES, [only, except, this.settings.hostSilentMs / 1000]);
    const [best] = hosts
      .map((host) => ({ id: host.id, room: roomOf(host, this.settings) }))
      .sort((a, b) => b.room.memoryMib - a.room.memoryMib || a.id.localeCompare(b.id));
    if (!best) {
      const message = 'The computer that runs the desktops is not ready at the moment. Try again in a minute.';
      throw new ApiError(409, 'HOST_FULL', message, { requested: requestOf(flavour), available: null });
    }
    const { room } = best;
    if (room.memoryMib >= flavour.memoryMib && room.diskMib >= flavour.diskMib) return best.id;
    const what = room.memoryMib < flavour.memoryMib ? 'memory' : 'disk space';
    const message = `There is not enough ${what} left for another desktop. Try again when somebody has stopped one.`;
    throw new ApiError(409, 'HOST_FULL', message, { requested: requestOf(flavour), available: room });
  }
}

function requestOf({ memoryMib, diskMib }: Flavour): Room {
  return { memoryMib, diskMib };
}

/** What may still be promised, MiB, never below 0. */
export function roomOf(host: Figures, settings: Pick<InstanceSettings, 'memoryOvercommit' | 'diskOvercommit'>): Room {
  const limit = (host.memoryLimitMib || host.memoryTotalMib) * settings.memoryOvercommit;
  const promised = limit - host.memoryHeldMib;
  const free = host.memoryAvailableMib * settings.memoryOvercommit - host.memoryUnseenMib;
  const disk = (host.diskAvailableMib - host.diskReserveMib) * settings.diskOvercommit - host.diskHeldMib;
  return { memoryMib: floor(Math.min(promised, free)), diskMib: floor(disk) };
}

function floor(mib: number): number {
  return Math.max(0, Math.floor(mib));
}
