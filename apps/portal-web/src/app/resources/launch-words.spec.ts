import type { LaunchView } from '@beamdesk/contracts';
import { about, coldReason, isOverdue, keptDiskOffer, launchOffer, launchPace, launchShare } from './launch-words';

const clone: LaunchView = { path: 'clone', reason: null, expectedSeconds: 0.9 };
const cold: LaunchView = { path: 'cold', reason: 'Its prepared copy is being built.', expectedSeconds: 21.4 };
const unknown: LaunchView = { path: 'cold', reason: null, expectedSeconds: null };

describe('about', () => {
  it.each([
    [0.3, 'about 1 s'],
    [1.4, 'about 1 s'],
    [7.6, 'about 8 s'],
    [21.4, 'about 20 s'],
    [63, 'about 65 s'],
    [89, 'about 90 s'],
    [100, 'about 2 min'],
  ])('%d: %s', (seconds, expected) => expect(about(seconds)).toBe(expected));
});

describe('launchOffer', () => {
  it.each<[LaunchView, string]>([
    [clone, 'Ready in about 1 s'],
    [{ ...clone, expectedSeconds: null }, 'Ready in a moment'],
    [cold, 'Boots from scratch: about 20 s. Its prepared copy is being built.'],
    [{ ...cold, reason: 'The image has no agent' }, 'Boots from scratch: about 20 s. The image has no agent.'],
    [unknown, 'Boots from scratch'],
  ])('%#', (launch, expected) => expect(launchOffer(launch)).toBe(expected));
});

describe('keptDiskOffer', () => {
  it('does not promise the time of a copy for a disk that boots', () => {
    expect(keptDiskOffer(clone)).toBe('Boots its kept disk');
    expect(keptDiskOffer(cold)).toBe('Boots its kept disk: about 20 s');
    expect(keptDiskOffer(null)).toBe('Boots its kept disk');
  });
});

describe('launchPace', () => {
  it('does not count where a second decides', () => {
    expect(launchPace(clone, 0)).toBe('Ready in about 1 s');
    expect(launchPace(clone, 2.2)).toBe('Ready in about 1 s');
    expect(launchPace(clone, 3.1)).toBe('3 s, usually about 1 s');
  });

  it('counts against the expectation, or alone where there is none', () => {
    expect(launchPace(cold, 12.7)).toBe('12 s of about 20 s');
    expect(launchPace(cold, -2)).toBe('0 s of about 20 s');
    expect(launchPace(null, 12.7)).toBe('12 s');
  });

  it('says so when it takes far longer, not when it is merely late', () => {
    expect(launchPace(cold, 40)).toBe('40 s, usually about 20 s');
    expect(launchPace(cold, 65)).toBe('65 s, much longer than usual (about 20 s). You may wait, or stop it and try again.');
    expect(launchPace(clone, 7)).toContain('much longer than usual (about 1 s)');
    expect(launchPace(unknown, 121)).toBe('2 min, much longer than usual. You may wait, or stop it and try again.');
  });
});

describe('isOverdue', () => {
  it.each([
    [clone, 5.9, false],
    [clone, 6, true],
    [cold, 64, false],
    [cold, 65, true],
    [unknown, 120, false],
    [null, 121, true],
  ] as const)('%#', (launch, elapsed, expected) => expect(isOverdue(launch, elapsed)).toBe(expected));
});

describe('launchShare', () => {
  it('is never full, and unknown where nothing can be compared', () => {
    expect(launchShare({ ...cold, expectedSeconds: 20 }, 5)).toBe(25);
    expect(launchShare(cold, 30)).toBe(95);
    expect(launchShare(cold, -3)).toBe(0);
    expect(launchShare(cold, 90)).toBeUndefined();
    expect(launchShare(unknown, 5)).toBeUndefined();
    expect(launchShare(null, 5)).toBeUndefined();
  });
});

describe('coldReason', () => {
  it('explains a boot only', () => {
    expect(coldReason(cold)).toBe('Its prepared copy is being built.');
    expect(coldReason({ ...cold, path: 'clone' })).toBeUndefined();
    expect(coldReason(unknown)).toBeUndefined();
    expect(coldReason(null)).toBeUndefined();
  });
});
