import { GUACD_LIMITS, instructionsOf } from '../src/guacd/instruction-parser';
import { busyMoment, holdsWholeInstructions, instruction, MIXES } from './workload.ts';

describe('holdsWholeInstructions', () => {
  const frame = Buffer.from(instruction('img', '1', 'a;b,c') + instruction('sync', '4711'));

  it('finds every cut but those between two instructions', () => {
    const whole = [0, instruction('img', '1', 'a;b,c').length, frame.length];
    const found = Array.from({ length: frame.length + 1 }, (_, end) => end).filter((end) =>
      holdsWholeInstructions(frame.subarray(0, end)),
    );
    expect(found).toEqual(whole);
    expect(holdsWholeInstructions(frame.subarray(1))).toBe(false);
  });

  it.each(Object.entries(MIXES))('finds workloads whole, the same in every run: %s', (_name, mix) => {
    const block = busyMoment(20_000, mix);
    expect(block.length).toBeGreaterThanOrEqual(20_000);
    expect(holdsWholeInstructions(block)).toBe(true);
    expect(busyMoment(20_000, mix).equals(block)).toBe(true);
  });

  it.each([
    ['pictures', 1659],
    ['mixed', 281],
    ['text', 109],
  ] as const)(
    'makes instructions of %s %d bytes long on average, by which figures of others can be compared',
    (name, average) => {
      const block = busyMoment(1_000_000, MIXES[name]);
      expect(Math.round(block.length / Array.from(instructionsOf(block, GUACD_LIMITS)).length)).toBe(average);
    },
  );
});
