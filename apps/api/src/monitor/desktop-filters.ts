import type { DesktopsCsvQuery } from '@beamdesk/contracts';
import { seenBy, type SeenBeamlines } from './monitor-sight';

/** SQL of an instance `i`: when it was last in use, as far as anybody saw. */
export const LAST_USED = `greatest(i.last_busy_at, i.last_access_at, i.ready_at)`;
/** SQL: it runs and is not in use. */
export const IDLE = `(i.state = 'READY' AND ${LAST_USED} < now() - interval '5 minutes')`;
export const COMING = `(i.state IN ('REQUESTED','BUILDING','STARTING') AND i.queued_at IS NULL)`;
export const QUEUED = `(i.state = 'REQUESTED' AND i.queued_at IS NOT NULL)`;

const STATES: Record<NonNullable<DesktopsCsvQuery['state']>, string> = {
  READY: `i.state = 'READY'`,
  coming: COMING,
  queued: QUEUED,
  going: `i.state IN ('STOPPING','DELETING')`,
  STOPPED: `i.state = 'STOPPED'`,
  FAILED: `i.state = 'FAILED'`,
  idle: IDLE,
};

/** SQL of `instance i JOIN user_account o`, and its values from `$1` on: what is seen and picked out; none that is DELETED. */
export function desktopFilter(seen: SeenBeamlines, query: DesktopsCsvQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [seen];
  const parts = [`i.state <> 'DELETED'`, seenBy('i')];
  const is = (column: string, value: string | undefined) => {
    if (value !== undefined) parts.push(`${column} = $${values.push(value)}`);
  };
  if (query.state) parts.push(STATES[query.state]);
  is('i.beamline_id', query.beamline);
  is('i.proposal_key', query.proposal);
  is(`i.plan_snapshot ->> 'imageId'`, query.image);
  is('i.plan_id', query.plan);
  is('i.host_id', query.host);
  is('i.owner_id', query.owner);
  const text = query.q.trim();
  if (text !== '') {
    const place = `lower($${values.push(text)})`;
    const within = `lower(concat_ws(' ', o.name, i.proposal_name, i.proposal_title, i.id::text))`;
    parts.push(`strpos(${within}, ${place}) > 0`);
  }
  return { where: parts.join(' AND '), values };
}
