import type { Cell } from './csv';
import type { DesktopRow } from './desktop-row';

/** Columns of `desktops.csv`. */
export const DESKTOP_HEAD = [
  ...['id', 'owner', 'proposal', 'beamline', 'plan', 'image', 'host', 'state', 'since', 'launched', 'expires'],
  ...['last access', 'idle since', 'sessions', 'vcpus', 'memory MiB', 'storage MiB', 'gpus', 'trial'],
] as const;

export const DESKTOP_CELLS = (row: DesktopRow): Cell[] => {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  const { allocation } = row;
  return [
    ...[row.id, row.ownerName, row.proposalName, row.beamlineId, row.planId, row.imageId, row.hostId, row.state],
    ...[time(row.stateSince), time(row.launchedAt), time(row.expiresAt), time(row.lastAccessAt), time(row.idleSince)],
    ...[row.sessions, allocation.vcpus, allocation.memoryMib, allocation.storageMib, allocation.gpus],
    row.service === 'desktop' ? 'no' : 'yes',
  ];
};
