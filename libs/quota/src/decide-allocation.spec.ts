import fc from 'fast-check';
import {
  AMOUNT_NAMES,
  Amounts,
  availableOf,
  decideAllocation,
  Limits,
  mapAmounts,
  NO_AMOUNTS,
  NO_LIMITS,
} from './index';

const amounts = (max: number): fc.Arbitrary<Amounts> =>
  fc
    .array(fc.nat({ max }), { minLength: 7, maxLength: 7 })
    .map((all) => mapAmounts((name) => all[AMOUNT_NAMES.indexOf(name)] ?? 0));
const limitsUpTo = (max: number): fc.Arbitrary<Limits> =>
  fc
    .array(fc.option(fc.nat({ max })), { minLength: 7, maxLength: 7 })
    .map((all) => mapAmounts((name) => all[AMOUNT_NAMES.indexOf(name)] ?? null));
const plus = (a: Amounts, b: Amounts): Amounts => mapAmounts((name) => a[name] + b[name]);

describe('decideAllocation', () => {
  const limits: Limits = { ...NO_LIMITS, machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 20480 };
  const one: Amounts = { ...NO_AMOUNTS, machines: 1, vcpus: 2, memoryMib: 2048, storageMib: 10240, vcpuMinutes: 960 };

  it('grants up to the limit itself', () => {
    expect(decideAllocation(limits, one, one)).toEqual({ granted: true, allocation: one });
  });

  it('refuses the one over it and names how much of what is missing', () => {
    const decision = decideAllocation(limits, { ...one, vcpus: 3 }, { ...one, memoryMib: 2049 });
    expect(decision).toEqual({
      granted: false,
      shortfalls: [
        { resource: 'vcpus', requested: 2, available: 1, missing: 1 },
        { resource: 'memoryMib', requested: 2049, available: 2048, missing: 1 },
      ],
    });
  });

  it('counts the minutes of a period where they are limited', () => {
    const hours = { ...limits, vcpuMinutes: 1900 };
    expect(decideAllocation(hours, one, one)).toMatchObject({ shortfalls: [{ resource: 'vcpuMinutes', missing: 20 }] });
  });

  it('does not refuse for what is not asked for', () => {
    const overdrawn = { ...NO_AMOUNTS, storageMib: 20481 };
    expect(decideAllocation(limits, overdrawn, { ...one, storageMib: 0 }).granted).toBe(true);
  });

  it('refuses fractions and negative amounts as a mistake of the caller', () => {
    expect(() => decideAllocation(limits, NO_AMOUNTS, { ...one, vcpus: 0.5 })).toThrow(RangeError);
    expect(() => decideAllocation(limits, NO_AMOUNTS, { ...one, machines: -1 })).toThrow(RangeError);
    expect(() => decideAllocation({ ...limits, vcpus: NaN }, NO_AMOUNTS, one)).toThrow(RangeError);
  });

  it('never grants above a limit and never refuses what fits, for any sequence of requests', () => {
    fc.assert(
      fc.property(limitsUpTo(1000), fc.array(amounts(400), { maxLength: 30 }), (limit, requests) => {
        let usage: Amounts = { ...NO_AMOUNTS };
        for (const request of requests) {
          const decision = decideAllocation(limit, usage, request);
          const fits = AMOUNT_NAMES.every(
            (n) => request[n] === 0 || limit[n] === null || usage[n] + request[n] <= (limit[n] ?? 0),
          );
          expect(decision.granted).toBe(fits);
          if (decision.granted) usage = plus(usage, decision.allocation);
          else {
            const left = availableOf(limit, usage);
            for (const s of decision.shortfalls) expect(s.missing).toBe(s.requested - (left[s.resource] ?? NaN));
          }
        }
        for (const n of AMOUNT_NAMES) expect(usage[n]).toBeLessThanOrEqual(limit[n] ?? Infinity);
      }),
    );
  });
});
