import fc from 'fast-check';
import {
  AMOUNT_NAMES,
  Amounts,
  amountsFor,
  decideLaunch,
  Limits,
  limitsInForce,
  mapAmounts,
  NO_AMOUNTS,
  NO_LIMITS,
  Override,
  Resources,
  Standing,
  SUBJECT_KINDS,
  Subject,
} from './index';

const MINUTE = 60_000;
const PERIOD = 600;

interface Desktop {
  subjects: Subject[];
  needs: Resources;
  from: number;
  expires: number;
  /** Null: it runs. */
  ended: number | null;
}

/** A site by the rules alone: minutes for a clock, and every desktop there ever was. */
class House {
  now = 0;
  readonly desktops: Desktop[] = [];
  readonly overrides: (Override & Subject)[] = [];
  readonly defaults = new Map<string, Limits>();

  limits({ kind, id }: Subject): Limits {
    const own = this.overrides.filter((one) => one.kind === kind && one.id === id);
    return limitsInForce(this.defaults.get(kind) ?? NO_LIMITS, own, new Date(this.now * MINUTE));
  }

  usage({ kind, id }: Subject): Amounts {
    const sum = { ...NO_AMOUNTS };
    for (const { subjects, needs, from, expires, ended } of this.desktops) {
      if (!subjects.some((one) => one.kind === kind && one.id === id)) continue;
      if (ended === null)
        for (const name of ['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus'] as const) sum[name] += needs[name];
      const minutes = Math.max(0, (ended ?? Math.max(this.now, expires)) - Math.max(from, this.now - PERIOD));
      sum.vcpuMinutes += needs.vcpus * minutes;
      sum.gpuMinutes += needs.gpus * minutes;
    }
    return sum;
  }

  standing(subject: Subject): Standing {
    return { ...subject, limits: this.limits(subject), usage: this.usage(subject) };
  }

  launch(subjects: Subject[], needs: Resources, minutes: number): void {
    const decision = decideLaunch(
      subjects.map((one) => this.standing(one)),
      amountsFor(needs, minutes),
    );
    if (!decision.granted) {
      for (const { subject, resource, requested, missing } of decision.shortfalls) {
        const limit = subject.limits[resource];
        expect(limit).not.toBeNull();
        expect(subject.usage[resource] + requested).toBeGreaterThan(limit ?? Infinity);
        expect(missing).toBeGreaterThan(0);
      }
      return;
    }
    this.desktops.push({ subjects, needs, from: this.now, expires: this.now + minutes, ended: null });
    // Whatever else of it is overdrawn by a lowered limit: nothing that was asked for is, at the moment of the grant.
    for (const subject of subjects) {
      const [limits, usage] = [this.limits(subject), this.usage(subject)];
      for (const name of AMOUNT_NAMES) {
        if (amountsFor(needs, minutes)[name] > 0) expect(usage[name]).toBeLessThanOrEqual(limits[name] ?? Infinity);
      }
    }
  }

  pass(minutes: number): void {
    this.now += minutes;
    for (const one of this.desktops) if (one.ended === null && one.expires <= this.now) one.ended = one.expires;
  }
}

const small = fc.record({
  ...{ machines: fc.constant(1), vcpus: fc.nat({ max: 4 }), memoryMib: fc.nat({ max: 4 }) },
  ...{ storageMib: fc.nat({ max: 4 }), gpus: fc.nat({ max: 1 }) },
});
const limits = fc
  .array(fc.option(fc.nat({ max: 12 }), { freq: 2 }), { minLength: 7, maxLength: 7 })
  .map((all): Limits =>
    mapAmounts((name) => {
      const drawn = all[AMOUNT_NAMES.indexOf(name)] ?? null;
      return drawn !== null && name.endsWith('Minutes') ? drawn * 60 : drawn;
    }),
  );
const step = fc.oneof(
  fc.record({
    what: fc.constant('launch' as const),
    who: fc.nat({ max: 2 }),
    where: fc.nat({ max: 2 }),
    needs: small,
    minutes: fc.integer({ min: 1, max: 200 }),
  }),
  fc.record({ what: fc.constant('end' as const), which: fc.nat({ max: 40 }) }),
  fc.record({ what: fc.constant('pass' as const), minutes: fc.nat({ max: 150 }) }),
  fc.record({
    what: fc.constant('override' as const),
    kind: fc.constantFrom(...SUBJECT_KINDS),
    amounts: limits,
    starts: fc.nat({ max: 60 }),
    lasts: fc.option(fc.integer({ min: 1, max: 200 })),
  }),
  fc.record({ what: fc.constant('revoke' as const), which: fc.nat({ max: 10 }) }),
  fc.record({ what: fc.constant('defaults' as const), kind: fc.constantFrom(...SUBJECT_KINDS), amounts: limits }),
);

const nameOf = (kind: string, who: number, where: number) =>
  kind === 'user' ? `u${who}` : kind === 'site' ? 'site' : `${kind}${where % 2}`;

describe('decideLaunch', () => {
  it('keeps every subject within its limits in force at each grant, for any history', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
        const house = new House();
        for (const one of steps) {
          if (one.what === 'launch') {
            const subjects = SUBJECT_KINDS.map((kind) => ({ kind, id: nameOf(kind, one.who, one.where) }));
            house.launch(
              one.where === 2 ? subjects.filter(({ kind }) => kind !== 'beamline') : subjects,
              one.needs,
              one.minutes,
            );
          } else if (one.what === 'end') {
            const live = house.desktops.filter(({ ended }) => ended === null);
            const gone = live[one.which % Math.max(1, live.length)];
            if (gone) gone.ended = house.now;
          } else if (one.what === 'pass') house.pass(one.minutes);
          else if (one.what === 'override') {
            const startsAt = new Date((house.now + one.starts) * MINUTE);
            const endsAt = one.lasts === null ? null : new Date(startsAt.getTime() + one.lasts * MINUTE);
            const times = { madeAt: new Date(house.overrides.length), startsAt, endsAt, endedAt: null };
            house.overrides.push({ kind: one.kind, id: nameOf(one.kind, 0, 0), amounts: one.amounts, ...times });
          } else if (one.what === 'revoke') {
            const over = house.overrides[one.which % Math.max(1, house.overrides.length)];
            if (over) over.endedAt = new Date(house.now * MINUTE);
          } else house.defaults.set(one.kind, one.amounts);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('names every subject that stands in the way, in their order', () => {
    const standing = (kind: Subject['kind'], machines: number | null): Standing => ({
      ...{ kind, id: kind, usage: { ...NO_AMOUNTS, machines: 3 } },
      limits: { ...NO_LIMITS, machines },
    });
    const all = [standing('user', 3), standing('proposal', 10), standing('beamline', null), standing('site', 3)];
    const decision = decideLaunch(all, { ...NO_AMOUNTS, machines: 1 });
    expect(decision).toMatchObject({
      shortfalls: [{ subject: { kind: 'user' } }, { subject: { kind: 'site' }, missing: 1 }],
    });
  });

  it('takes a whole minute for a part of one', () => {
    expect(amountsFor({ machines: 1, vcpus: 2, memoryMib: 1, storageMib: 1, gpus: 1 }, 1.5)).toMatchObject({
      vcpuMinutes: 4,
      gpuMinutes: 2,
    });
  });
});
