import type { InstanceState, MonitoredDesktop, WantedState } from '@beamdesk/contracts';
import { IDLE, LAST_USED } from './desktop-filters';
import { DESKTOP } from '../instances/services';

/** A desktop as `DESKTOP_COLUMNS` reads it. */
export interface DesktopRow {
  id: string;
  ownerId: string;
  ownerName: string;
  proposalKey: string;
  proposalName: string;
  beamlineId: string | null;
  beamlineName: string | null;
  planId: string;
  planName: string;
  imageId: string;
  hostId: string | null;
  state: InstanceState;
  wanted: WantedState;
  queuePosition: number | null;
  step: string | null;
  stateSince: Date;
  launchedAt: Date;
  /** To the microsecond, as the database writes it. */
  launchedText: string;
  expiresAt: Date | null;
  lastAccessAt: Date | null;
  idleSince: Date | null;
  sessions: number;
  unreachable: boolean;
  failureCode: string | null;
  failureMessage: string | null;
  notice: string | null;
  allocation: MonitoredDesktop['allocation'];
  service: string;
}

/** Of `instance i`, `user_account o`, `beamline b`: never a console, a path or a mail. */
export const DESKTOP_COLUMNS = `
  i.id, i.owner_id AS "ownerId", o.name AS "ownerName", i.proposal_key AS "proposalKey", i.proposal_name AS "proposalName",
  i.beamline_id AS "beamlineId", b.name AS "beamlineName", i.plan_id AS "planId", i.plan_snapshot ->> 'name' AS "planName",
  i.plan_snapshot ->> 'imageId' AS "imageId", i.host_id AS "hostId", i.state, i.wanted, i.queue_position AS "queuePosition",
  i.step, i.state_since AS "stateSince", i.launched_at AS "launchedAt", i.launched_at::text AS "launchedText",
  i.expires_at AS "expiresAt", i.last_access_at AS "lastAccessAt", CASE WHEN ${IDLE} THEN ${LAST_USED} END AS "idleSince",
  (SELECT count(*)::int FROM desktop_session s WHERE s.instance_id = i.id AND s.closed_at IS NULL) AS sessions,
  i.unreachable, i.failure_code AS "failureCode", i.failure_message AS "failureMessage", i.notice, i.service,
  json_build_object('machines', i.alloc_machines, 'vcpus', i.alloc_vcpus, 'memoryMib', i.alloc_memory_mib,
    'storageMib', i.alloc_storage_mib, 'gpus', i.alloc_gpus) AS allocation`;

export const DESKTOP_TABLES = `instance i JOIN user_account o ON o.id = i.owner_id LEFT JOIN beamline b ON b.id = i.beamline_id`;

export function desktopView(row: DesktopRow): MonitoredDesktop {
  const { id, proposalKey, proposalName, imageId, hostId, state, wanted, step, sessions, unreachable, notice } = row;
  const { allocation, beamlineId } = row;
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return {
    ...{
      id,
      proposalKey,
      proposalName,
      imageId,
      hostId,
      state,
      wanted,
      step,
      sessions,
      unreachable,
      notice,
      allocation,
    },
    owner: { id: row.ownerId, name: row.ownerName },
    beamline: beamlineId === null ? null : { id: beamlineId, name: row.beamlineName ?? beamlineId },
    plan: { id: row.planId, name: row.planName },
    queuePosition: state === 'REQUESTED' ? row.queuePosition : null,
    stateSince: row.stateSince.toISOString(),
    launchedAt: row.launchedAt.toISOString(),
    expiresAt: time(row.expiresAt),
    lastAccessAt: time(row.lastAccessAt),
    idleSince: time(row.idleSince),
    failure:
      state === 'FAILED'
        ? { code: row.failureCode ?? 'FAILED', message: row.failureMessage ?? 'The desktop failed.' }
        : null,
    trial: row.service !== DESKTOP,
  };
}
