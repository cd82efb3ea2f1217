import { decideScratch, freshScratch, LOCK_MS, ScratchState } from './scratch-watch';

/** Plays looks at a scratch with a limit of 100 bytes, one a second; gives the action of each. */
function play(used: number[], given: { freeBytes?: number; everyMs?: number } = {}): string[] {
  let state: ScratchState = freshScratch;
  return used.map((usedBytes, at) => {
    const look = { usedBytes, freeBytes: given.freeBytes ?? 1000, limitBytes: 100, floorBytes: 50 };
    const decided = decideScratch(state, { ...look, now: at * (given.everyMs ?? 1000) });
    state = decided.state;
    return decided.action;
  });
}

describe('a scratch that is watched', () => {
  it('is left alone up to its limit', () => expect(play([0, 50, 100, 99])).toEqual(['none', 'none', 'none', 'none']));
  it('turns read-only once over it', () => expect(play([101, 101, 101])).toEqual(['lock', 'none', 'none']));
  it('turns writable again after a while, so that files can be deleted', () =>
    expect(play([101, 101, 60], { everyMs: LOCK_MS })).toEqual(['lock', 'unlock', 'none']));
  it('turns read-only again when it grew instead', () =>
    expect(play([101, 101, 104], { everyMs: LOCK_MS })).toEqual(['lock', 'unlock', 'lock']));
  it('turns writable at once when it shrank', () => expect(play([101, 94])).toEqual(['lock', 'unlock']));
  it('ends the machine far over its limit', () => expect(play([101, 111])).toEqual(['lock', 'end']));
  it('ends no machine for what was there when it came, so that it can be deleted', () =>
    expect(play([150, 150, 150, 90], { everyMs: LOCK_MS })).toEqual(['lock', 'unlock', 'none', 'none']));
  it('ends a machine that grows on a disk nearly full, not one that keeps still', () => {
    expect(play([10, 11], { freeBytes: 49 })).toEqual(['none', 'end']);
    expect(play([10, 10], { freeBytes: 49 })).toEqual(['none', 'none']);
  });
});
