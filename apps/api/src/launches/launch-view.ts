import type { InstanceState, LaunchView, TemplateState } from '@beamdesk/contracts';
import type { Machine } from '@beamdesk/hypervisor';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import type { ExpectedSeconds, LaunchKind } from './launch-times';

export const KEPT_DISK = 'It boots from its kept disk.';

/** Why a launch boots while its template is not ready: what the hypervisor says of one that does. */
const NOT_READY: Record<Exclude<TemplateState, 'ready'>, string> = {
  waiting: 'Its prepared copy is not made yet.',
  building: 'Its prepared copy is being made right now.',
  'set-aside': 'Its prepared copy could not be made; the facility has been told.',
  impossible: 'This kind of desktop cannot be copied.',
};

/** The state that helps most first: launches of several hosts go by the best one. */
const BEST_FIRST: readonly TemplateState[] = ['ready', 'building', 'waiting', 'set-aside', 'impossible'];

type LaunchRow = Pick<
  InstanceEntity,
  'state' | 'plan' | 'builtAt' | 'allocStorageMib' | 'launchPath' | 'launchColdReason'
>;

/** How an instance comes up or came up; for one whose disk waits: how it will. Null while that is not decided. */
export function launchOf(row: LaunchRow, expected: ExpectedSeconds): LaunchView | null {
  if (bootsKeptDisk(row)) return keptDiskLaunch(row.plan, expected);
  const { launchPath: path, launchColdReason: reason } = row;
  return path && { path, reason, expectedSeconds: expected(row.plan, path) };
}

export function keptDiskLaunch(kind: LaunchKind, expected: ExpectedSeconds): LaunchView {
  return { path: 'cold', reason: KEPT_DISK, expectedSeconds: expected(kind, 'cold') };
}

/** What a new launch of this kind would do, by its templates on the hosts; null: no host has spoken of one. */
export function newLaunch(
  kind: LaunchKind,
  states: readonly TemplateState[],
  expected: ExpectedSeconds,
): LaunchView | null {
  const state = BEST_FIRST.find((one) => states.includes(one));
  if (!state) return null;
  const path = state === 'ready' ? 'clone' : 'cold';
  return { path, reason: state === 'ready' ? null : NOT_READY[state], expectedSeconds: expected(kind, path) };
}

/** What a machine says of its start, as columns. `again`: its disk was there before this launch. */
export function launchColumns({ path, coldReason }: Pick<Machine, 'path' | 'coldReason'>, again: boolean) {
  const reason = path === 'cold' ? (coldReason ?? (again ? KEPT_DISK : null)) : null;
  return { launchPath: path, launchColdReason: reason };
}

const WAITS: ReadonlySet<InstanceState> = new Set(['STOPPED', 'FAILED']);
const ON_ITS_WAY: ReadonlySet<InstanceState> = new Set(['REQUESTED', 'BUILDING']);

function bootsKeptDisk({ state, builtAt, allocStorageMib }: LaunchRow): boolean {
  if (WAITS.has(state)) return allocStorageMib > 0;
  return ON_ITS_WAY.has(state) && builtAt !== null;
}
