import { busyMoment, holdsWholeInstructions, instruction, PICTURES, TEXT } from './workload.ts';

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

  it.each([PICTURES, TEXT])('finds workloads whole, the same in every run: %j', (sizes) => {
    const block = busyMoment(20_000, sizes);
    expect(block.length).toBeGreaterThanOrEqual(20_000);
    expect(holdsWholeInstructions(block)).toBe(true);
    expect(busyMoment(20_000, sizes).equals(block)).toBe(true);
  });
});
