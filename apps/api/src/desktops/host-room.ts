import type { Flavour } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiError } from '../http/api-error';
import { InstanceSettings } from '../instances/instance-settings';

/**
 * Of one host. What its worker published is net of what the machines it saw may still grow to (divided by the overcommit), and
 * of the site's reserve.
 */
export interface Figures {
  id: string;
  /** The site's limit for all machines together; 0 = none of its own. */
  memoryLimitMib: number;
  /** How many times over memory is promised, at least 1. */
  memoryOvercommit: number;
  memoryAvailableMib: number;
  diskAvailableMib: number;
  /** Held by all instances of this host. */
  memoryHeldMib: number;
  /** Held by those launches that the published figures can't show yet. */
  memoryUnseenMib: number;
  diskUnseenMib: number;
}

export interface Room {
  memoryMib: number;
  diskMib: number;
}

/** Launches whose machine was not on when the host's worker last looked; a disk that was kept was there all the same. */
const MEMORY_UNSEEN = `(state IN ('REQUESTED', 'BUILDING') OR greatest(launched_at, built_at) > host.observed_at
  OR (state = 'STARTING' AND state_since > host.observed_at))`;
const DISK_UNSEEN = `(coalesce(built_at > host.observed_at, true) AND ${MEMORY_UNSEEN})`;

const FIGURES = `
  SELECT host.id, memory_limit_mib AS "memoryLimitMib", memory_overcommit AS "memoryOvercommit",
    memory_available_mib AS "memoryAvailableMib", disk_available_mib AS "diskAvailableMib",
    coalesce(sum(alloc_memory_mib), 0)::int AS "memoryHeldMib",
    coalesce(sum(alloc_memory_mib) FILTER (WHERE ${MEMORY_UNSEEN}), 0)::int AS "memoryUnseenMib",
    coalesce(sum(alloc_storage_mib) FILTER (WHERE ${DISK_UNSEEN}), 0)::int AS "diskUnseenMib"
  FROM host LEFT JOIN instance ON host_id = host.id AND state <> 'DELETED' AND instance.id IS DISTINCT FROM $2
  WHERE active AND ($1::text IS NULL OR host.id = $1)
    AND host.observed_at > clock_timestamp() - make_interval(secs => $3)
  GROUP BY host.id`;

/** Which host takes one more desktop: by what its worker last saw, and by all that was promised since. */
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
      .map((host) => ({ id: host.id, room: roomOf(host) }))
      .sort((a, b) => b.room.memoryMib - a.room.memoryMib || a.id.localeCompare(b.id));
    if (!best) {
      const which = only === null ? 'runs the desktops' : 'has the disk of this desktop';
      const message = `The computer that ${which} is not ready at the moment. Try again in a minute.`;
      throw new ApiError(409, 'HOST_FULL', message, { requested: requestOf(flavour), available: null });
    }
    const { room } = best;
    // A kept disk is there already.
    const fits = room.memoryMib >= flavour.memoryMib && (only !== null || room.diskMib >= flavour.diskMib);
    if (fits) return best.id;
    const what = room.memoryMib < flavour.memoryMib ? 'memory' : 'disk space';
    const message = `There is not enough ${what} left for another desktop. Try again when somebody has stopped one.`;
    throw new ApiError(409, 'HOST_FULL', message, { requested: requestOf(flavour), available: room });
  }
}

function requestOf({ memoryMib, diskMib }: Flavour): Room {
  return { memoryMib, diskMib };
}

/** What may still be promised, MiB, never below 0. Of what is promised, one part in `memoryOvercommit` is taken to be used. */
export function roomOf(host: Figures): Room {
  const limit = host.memoryLimitMib > 0 ? host.memoryLimitMib * host.memoryOvercommit : Infinity;
  const available = host.memoryAvailableMib * host.memoryOvercommit;
  const memory = Math.min(limit - host.memoryHeldMib, available - host.memoryUnseenMib);
  return { memoryMib: floor(memory), diskMib: floor(host.diskAvailableMib - host.diskUnseenMib) };
}

function floor(mib: number): number {
  return Math.max(0, Math.floor(mib));
}
