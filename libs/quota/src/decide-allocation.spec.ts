import fc from 'fast-check';
import { availableOf, decideAllocation, NOTHING, RESOURCE_NAMES, Resources, sumAllocations } from './index';

const resources = (max = 1000): fc.Arbitrary<Resources> =>
  fc.record({
    machines: fc.nat({ max }),
    vcpus: fc.nat({ max }),
    memoryMib: fc.nat({ max }),
    storageMib: fc.nat({ max }),
    gpus: fc.nat({ max }),
  });

describe('decideAllocation', () => {
  const limits: Resources = { machines: 2, vcpus: 4, memoryMib: 4096, storageMib: 20480, gpus: 0 };
  const one: Resources = { machines: 1, vcpus: 2, memoryMib: 2048, storageMib: 10240, gpus: 0 };

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

  it('does not refuse for a resource that is not asked for', () => {
    const overdrawn = { ...NOTHING, storageMib: limits.storageMib + 1 };
    expect(decideAllocation(limits, overdrawn, { ...one, storageMib: 0 }).granted).toBe(true);
  });

  it('refuses fractions and negative amounts as a mistake of the caller', () => {
    expect(() => decideAllocation(limits, NOTHING, { ...one, vcpus: 0.5 })).toThrow(RangeError);
    expect(() => decideAllocation(limits, NOTHING, { ...one, machines: -1 })).toThrow(RangeError);
  });

  it('never grants above the limit and never refuses what fits, for any sequence of requests', () => {
    fc.assert(
      fc.property(resources(), fc.array(resources(400), { maxLength: 30 }), (limit, requests) => {
        const held: Resources[] = [];
        for (const request of requests) {
          const usage = sumAllocations(held);
          const decision = decideAllocation(limit, usage, request);
          const fits = RESOURCE_NAMES.every((n) => request[n] === 0 || usage[n] + request[n] <= limit[n]);
          expect(decision.granted).toBe(fits);
          if (decision.granted) held.push(decision.allocation);
          else for (const s of decision.shortfalls) expect(s.missing).toBe(s.requested - availableOf(limit, usage)[s.resource]);
        }
        const total = sumAllocations(held);
        for (const n of RESOURCE_NAMES) expect(total[n]).toBeLessThanOrEqual(limit[n]);
      }),
    );
  });
});
