import type { QueueReason } from '@beamdesk/contracts';
import type { Flavour } from '@beamdesk/hypervisor';

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
  memoryTotalMib: number | null;
  diskAvailableMib: number;
  diskTotalMib: number | null;
  /** Null: not known. Thousandths, as in `HostEntity`. */
  cpuLoadPermille: number | null;
  cpuPressurePermille: number | null;
  /** Held by all instances of this host. */
  memoryHeldMib: number;
  desktopsHeld: number;
  /** Held by those launches that the published figures can't show yet. */
  memoryUnseenMib: number;
  diskUnseenMib: number;
  /** Cards that desktops can have, and those of them that nobody has. Absent: none. */
  gpusUsable?: number;
  gpusFree?: number;
}

/** What a desktop needs of its host. */
export type Needed = Flavour & { gpus?: number };

export interface Room {
  memoryMib: number;
  diskMib: number;
}

/** What a site allows on a host; null: no limit of this kind. */
export interface HostLimits {
  maxDesktops: number | null;
  maxCpuLoadPercent: number | null;
  maxCpuPressurePercent: number | null;
}

/** Launches whose machine was not on when the host's worker last looked; a disk that was kept was there all the same. */
const MEMORY_UNSEEN = `(state IN ('REQUESTED', 'BUILDING') OR greatest(launched_at, built_at) > host.observed_at
  OR (state = 'STARTING' AND state_since > host.observed_at))`;
const DISK_UNSEEN = `(coalesce(built_at > host.observed_at, true) AND ${MEMORY_UNSEEN})`;

/** Of hosts that take launches: $1 only this one, $2 an instance that does not count, $3 seconds after which a host is silent. */
export const FIGURES = `
  SELECT host.id, memory_limit_mib AS "memoryLimitMib", memory_overcommit AS "memoryOvercommit",
    memory_available_mib AS "memoryAvailableMib", disk_available_mib AS "diskAvailableMib",
    memory_total_mib AS "memoryTotalMib", disk_total_mib AS "diskTotalMib",
    cpu_load_permille AS "cpuLoadPermille", cpu_pressure_permille AS "cpuPressurePermille",
    coalesce(sum(alloc_memory_mib), 0)::int AS "memoryHeldMib", coalesce(sum(alloc_machines), 0)::int AS "desktopsHeld",
    coalesce(sum(alloc_memory_mib) FILTER (WHERE ${MEMORY_UNSEEN}), 0)::int AS "memoryUnseenMib",
    coalesce(sum(alloc_storage_mib) FILTER (WHERE ${DISK_UNSEEN}), 0)::int AS "diskUnseenMib",
    (SELECT count(*)::int FROM host_gpu WHERE host_id = host.id AND unusable IS NULL) AS "gpusUsable",
    (SELECT count(*)::int FROM host_gpu gpu WHERE host_id = host.id AND unusable IS NULL AND NOT EXISTS
      (SELECT FROM gpu_lease lease WHERE lease.host_id = gpu.host_id AND lease.address = gpu.address)) AS "gpusFree"
  FROM host LEFT JOIN instance ON host_id = host.id AND state <> 'DELETED' AND queued_at IS NULL
    AND instance.id IS DISTINCT FROM $2
  WHERE active AND NOT draining AND ($1::text IS NULL OR host.id = $1)
    AND host.observed_at > clock_timestamp() - make_interval(secs => $3)
  GROUP BY host.id`;

/** What may still be promised, MiB, never below 0. Of what is promised, one part in `memoryOvercommit` is taken to be used. */
export function roomOf(host: Figures): Room {
  const limit = host.memoryLimitMib > 0 ? host.memoryLimitMib * host.memoryOvercommit : Infinity;
  const available = host.memoryAvailableMib * host.memoryOvercommit;
  const memory = Math.min(limit - host.memoryHeldMib, available - host.memoryUnseenMib);
  return { memoryMib: floor(memory), diskMib: floor(host.diskAvailableMib - host.diskUnseenMib) };
}

/** What the host lacks for one more of these; null: nothing. @param hasDisk a kept disk is there already */
export function shortOf(host: Figures, flavour: Needed, limits: HostLimits, hasDisk: boolean): QueueReason | null {
  const room = roomOf(host);
  if (limits.maxDesktops !== null && host.desktopsHeld >= limits.maxDesktops) return 'desktops';
  if (room.memoryMib < flavour.memoryMib) return 'memory';
  if (!hasDisk && room.diskMib < flavour.diskMib) return 'disk';
  if ((host.gpusFree ?? 0) < (flavour.gpus ?? 0)) return 'gpus';
  const busy =
    isOver(host.cpuLoadPermille, limits.maxCpuLoadPercent) ||
    isOver(host.cpuPressurePermille, limits.maxCpuPressurePercent);
  return busy ? 'processors' : null;
}

/** Whether it could carry one if nothing else ran there, as far as its figures tell. */
export function mayEverCarry(host: Figures, flavour: Needed, { maxDesktops }: HostLimits): boolean {
  const limit = host.memoryLimitMib > 0 ? host.memoryLimitMib : Infinity;
  const memory = Math.min(limit, host.memoryTotalMib ?? Infinity) * host.memoryOvercommit;
  if ((flavour.gpus ?? 0) > (host.gpusUsable ?? 0)) return false;
  return flavour.memoryMib <= memory && flavour.diskMib <= (host.diskTotalMib ?? Infinity) && maxDesktops !== 0;
}

function isOver(permille: number | null, percent: number | null): boolean {
  return permille !== null && percent !== null && permille >= percent * 10;
}

function floor(mib: number): number {
  return Math.max(0, Math.floor(mib));
}
