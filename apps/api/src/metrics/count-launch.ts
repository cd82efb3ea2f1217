import type { InstanceState } from '@beamdesk/contracts';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { failures, launches, launchSeconds } from './figures';

type LaunchRow = Pick<InstanceEntity, 'readyAt' | 'launchedAt' | 'launchPath' | 'failureCode'>;

/** Counts how a launch came out, by the move of its instance that was just written. */
export function countMove(row: LaunchRow, to: InstanceState, path: InstanceEntity['launchPath'] = row.launchPath): void {
  const wasReady = row.readyAt !== null && row.readyAt >= row.launchedAt;
  if (to === 'FAILED') {
    failures.inc({ code: row.failureCode ?? 'FAILED', phase: wasReady ? 'running' : 'launch' });
    if (!wasReady) launches.inc({ path: path ?? 'none', outcome: 'failed' });
  }
  if (to !== 'READY' || wasReady) return;
  launches.inc({ path: path ?? 'none', outcome: 'ready' });
  launchSeconds.observe({ path: path ?? 'none' }, Math.max(0, Date.now() - row.launchedAt.getTime()) / 1000);
}
