import type { TemplateState } from '@beamdesk/contracts';
import { PLAN } from '../instances/testing/bench';
import type { ExpectedSeconds } from './launch-times';
import { KEPT_DISK, launchColumns, launchOf, newLaunch } from './launch-view';

const expected: ExpectedSeconds = (_kind, path) => (path === 'clone' ? 0.8 : null);
const row = {
  state: 'STARTING' as const,
  plan: PLAN,
  builtAt: new Date(),
  allocStorageMib: 1024,
  launchPath: 'clone' as const,
  launchColdReason: null,
};

describe('launchOf an instance', () => {
  it('is what its machine said, with what to expect', () => {
    expect(launchOf(row, expected)).toEqual({ path: 'clone', reason: null, expectedSeconds: 0.8 });
    const cold = { ...row, launchPath: 'cold' as const, launchColdReason: 'No copy yet.' };
    expect(launchOf(cold, expected)).toEqual({ path: 'cold', reason: 'No copy yet.', expectedSeconds: null });
  });

  it('is unknown until there is a machine', () => {
    const fresh = { ...row, builtAt: null, launchPath: null };
    for (const state of ['REQUESTED', 'BUILDING'] as const) expect(launchOf({ ...fresh, state }, expected)).toBeNull();
  });

  it.each(['STOPPED', 'FAILED', 'REQUESTED', 'BUILDING'] as const)('boots a kept disk, said in %s', (state) => {
    const launchPath = state === 'REQUESTED' || state === 'BUILDING' ? null : ('clone' as const);
    expect(launchOf({ ...row, state, launchPath }, expected)).toMatchObject({ path: 'cold', reason: KEPT_DISK });
  });

  it('is what it was for one that failed without a disk', () => {
    expect(launchOf({ ...row, state: 'FAILED', builtAt: null, allocStorageMib: 0 }, expected)?.path).toBe('clone');
  });
});

describe('newLaunch', () => {
  it.each<[TemplateState[], 'clone' | 'cold' | null, string | null]>([
    [[], null, null],
    [['ready'], 'clone', null],
    [['set-aside', 'ready', 'building'], 'clone', null],
    [['waiting', 'building'], 'cold', 'Its prepared copy is being made right now.'],
    [['set-aside', 'waiting'], 'cold', 'Its prepared copy is not made yet.'],
    [['set-aside'], 'cold', 'Its prepared copy could not be made; the facility has been told.'],
    [['impossible'], 'cold', 'This kind of desktop cannot be copied.'],
  ])('%j', (states, path, reason) => {
    const launch = newLaunch(PLAN, states, expected);
    expect(launch && [launch.path, launch.reason, launch.expectedSeconds]).toEqual(
      path && [path, reason, path === 'clone' ? 0.8 : null],
    );
  });
});

describe('launchColumns', () => {
  it('keep the reason of a machine that booted, and know a kept disk', () => {
    expect(launchColumns({ path: 'clone', coldReason: null }, false)).toEqual({
      launchPath: 'clone',
      launchColdReason: null,
    });
    expect(launchColumns({ path: 'cold', coldReason: 'Being built.' }, false).launchColdReason).toBe('Being built.');
    expect(launchColumns({ path: 'cold', coldReason: null }, true).launchColdReason).toBe(KEPT_DISK);
    expect(launchColumns({ path: 'cold', coldReason: null }, false).launchColdReason).toBeNull();
  });
});
