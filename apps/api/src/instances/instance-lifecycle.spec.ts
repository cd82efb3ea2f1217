import type { InstanceState } from '@beamdesk/contracts';
import { NOTHING } from '@beamdesk/quota';
import { allocationIn, INSTANCE_STATES, isAtRest, LIFECYCLE, mayMove, wantedWhenStopped } from './instance-lifecycle';

const NEEDS = { machines: 1, vcpus: 2, memoryMib: 2048, storageMib: 8192, gpus: 0 };

describe('instance lifecycle', () => {
  /** Every move of the design's table; whatever is not listed here must be forbidden. */
  const allowed: [InstanceState, InstanceState][] = [
    ['REQUESTED', 'BUILDING'],
    ['REQUESTED', 'STOPPED'],
  ['REQUESTED', 'FAILED'],
    ['REQUESTED', 'DELETING'],
    ['BUILDING', 'STARTING'],
    ['BUILDING', 'STOPPING'],
    ['BUILDING', 'FAILED'],
    ['BUILDING', 'DELETING'],
    ['STARTING', 'READY'],
    ['STARTING', 'STOPPING'],
    ['STARTING', 'FAILED'],
    ['STARTING', 'DELETING'],
    ['READY', 'STARTING'],
    ['READY', 'STOPPING'],
    ['READY', 'FAILED'],
    ['READY', 'DELETING'],
    ['STOPPING', 'STOPPED'],
    ['STOPPING', 'FAILED'],
    ['STOPPING', 'DELETING'],
    ['STOPPED', 'REQUESTED'],
    ['STOPPED', 'DELETING'],
    ['FAILED', 'REQUESTED'],
    ['FAILED', 'DELETING'],
    ['DELETING', 'DELETED'],
  ];
  const pairs = INSTANCE_STATES.flatMap((from) => INSTANCE_STATES.map((to) => [from, to] as const));

  it.each(pairs)('%s → %s is allowed exactly when the table says so', (from, to) => {
    expect(mayMove(from, to)).toBe(allowed.some(([f, t]) => f === from && t === to));
  });

  it('leads from every state to DELETED, and from nowhere out of it', () => {
    for (const start of INSTANCE_STATES) {
      const reached = new Set<InstanceState>([start]);
      for (const state of reached) LIFECYCLE[state].forEach((next) => reached.add(next));
      expect(reached).toContain('DELETED');
    }
    expect(LIFECYCLE.DELETED).toEqual([]);
  });

  it.each(INSTANCE_STATES)('%s holds what may exist in it', (state) => {
    const kept = allocationIn(state, NEEDS, true);
    const thrownAway = allocationIn(state, NEEDS, false);
    if (state === 'REQUESTED') expect([kept, thrownAway]).toEqual([NEEDS, NEEDS]);
    else if (state === 'STOPPED' || state === 'FAILED') {
      expect(kept).toEqual({ ...NOTHING, storageMib: 8192 });
      expect(thrownAway).toEqual(NOTHING);
    } else if (state === 'DELETED') expect([kept, thrownAway]).toEqual([NOTHING, NOTHING]);
    else expect([kept, thrownAway]).toEqual([undefined, undefined]);
  });

  it('rests only where nothing runs and nobody wants it gone', () => {
    const resting = pairsOfWanted().filter(([state, wanted]) => isAtRest(state, wanted));
    expect(resting.map((p) => p.join(' '))).toEqual([
      'STOPPED RUNNING',
      'STOPPED STOPPED',
      'FAILED RUNNING',
      'FAILED STOPPED',
      'DELETED RUNNING',
      'DELETED STOPPED',
      'DELETED DELETED',
    ]);
  });

  it('reads stop as delete where the plan throws the disk away', () => {
    const ready = { state: 'READY', allocStorageMib: 1024 } as const;
    expect(wantedWhenStopped({ ...ready, plan: { keepsDisk: true } })).toBe('STOPPED');
    expect(wantedWhenStopped({ ...ready, plan: { keepsDisk: false } })).toBe('DELETED');
  });

  it('reads stop as delete for one that failed without a disk, and keeps a disk that is there', () => {
    const failed = { state: 'FAILED', plan: { keepsDisk: true } } as const;
    expect(wantedWhenStopped({ ...failed, allocStorageMib: 0 })).toBe('DELETED');
    expect(wantedWhenStopped({ ...failed, allocStorageMib: 1024 })).toBe('STOPPED');
  });

  function pairsOfWanted() {
    return INSTANCE_STATES.flatMap((s) => (['RUNNING', 'STOPPED', 'DELETED'] as const).map((w) => [s, w] as const));
  }
});
