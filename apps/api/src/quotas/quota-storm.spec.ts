import { AMOUNT_NAMES, amountsFor, type Limits, NO_AMOUNTS, NO_LIMITS, sumAllocations } from '@beamdesk/quota';
import fc from 'fast-check';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { allocationOf } from '../instances/allocation';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { Bench, PLAN } from '../instances/testing/bench';
import { LaunchQuota } from './launch-quota';
import { QuotaNames } from './quota-names';
import { QuotaOverrideEntity } from './quota-override.entity';
import { subjectsOf } from './quota-locks';

const PROPOSALS = ['p0', 'p1'];
const BEAMLINES = ['b0', 'b1', null];

const launch = fc.record({
  what: fc.constant('launch' as const),
  who: fc.nat({ max: 1 }),
  proposal: fc.nat({ max: 1 }),
  beamline: fc.nat({ max: 2 }),
  vcpus: fc.integer({ min: 1, max: 3 }),
  minutes: fc.integer({ min: 1, max: 90 }),
});
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(launch, { minLength: 1, maxLength: 4 }).map((all) => ({ what: 'launches' as const, all })),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('end' as const), which: fc.nat(), keeps: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('limit' as const),
      kind: fc.constantFrom('user' as const, 'proposal' as const, 'beamline' as const, 'site' as const),
      amount: fc.constantFrom('machines' as const, 'vcpus' as const, 'vcpuMinutes' as const),
      value: fc.nat({ max: 8 }),
      over: fc.boolean(),
    }),
  },
);

describe('limits on a real database', () => {
  let bench: Bench;
  let people: string[];
  let quota: LaunchQuota;

  beforeAll(async () => {
    bench = await Bench.open();
    const { manager } = bench.dataSource;
    const other = await manager.save(manager.create(UserAccountEntity, { name: 'Bo', email: null }));
    people = [bench.owner, other.id];
    quota = new LaunchQuota(bench.standings, new QuotaNames());
  });
  afterAll(() => bench.close());

  const limit = (kind: QuotaOverrideEntity['subjectKind'], id: string, amounts: Partial<Limits>, over = false) =>
    bench.dataSource.manager.insert(QuotaOverrideEntity, {
      ...{ subjectKind: kind, subjectId: id, reason: 'Storm.', ...NO_LIMITS, ...amounts },
      ...(over ? { startsAt: new Date(1000), endsAt: new Date(2000) } : { startsAt: new Date(1000) }),
    });

  /** As the click does it. */
  async function click(one: typeof launch extends fc.Arbitrary<infer T> ? T : never): Promise<boolean> {
    const needs = { machines: 1, vcpus: one.vcpus, memoryMib: 1, storageMib: 1, gpus: 0 };
    const [ownerId = '', proposalKey = '', beamlineId = null] = [
      people[one.who],
      PROPOSALS[one.proposal],
      BEAMLINES[one.beamline],
    ];
    const counted = { ownerId, proposalKey, beamlineId };
    try {
      return await bench.dataSource.transaction(async (manager) => {
        await quota.lock(manager, counted);
        await quota.decide(manager, { ...counted, needs, lifetimeMinutes: one.minutes }, null);
        const plan = { ...PLAN, needs, lifetimeMinutes: one.minutes };
        const expiresAt = new Date(Date.now() + one.minutes * 60_000);
        await bench.request({ plan, set: { ...counted, service: `s${Math.random()}`, expiresAt }, manager });
        for (const { id, kind, limits, usage } of await bench.standings.of(subjectsOf(counted), manager)) {
          for (const name of AMOUNT_NAMES) {
            if (amountsFor(needs, one.minutes)[name] > 0 && usage[name] > (limits[name] ?? Infinity)) {
              throw new Error(`${kind} ${id}: ${usage[name]} ${name} of ${limits[name]}`);
            }
          }
        }
        return true;
      });
    } catch (error) {
      if ((error as { code?: string }).code === 'QUOTA_EXCEEDED') return false;
      throw error;
    }
  }

  async function usageIsTheSum(): Promise<void> {
    const rows = (await bench.dataSource.manager.find(InstanceEntity)).filter(({ state }) => state !== 'DELETED');
    const all = [...people.map((id) => ({ kind: 'user' as const, id })), { kind: 'site' as const, id: 'site' }];
    const standings = await bench.standings.of([...all, ...PROPOSALS.map((id) => ({ kind: 'proposal' as const, id }))]);
    for (const { kind, id, usage } of standings) {
      const counted = rows.filter((row) => kind === 'site' || (kind === 'user' ? row.ownerId : row.proposalKey) === id);
      expect({ ...NO_AMOUNTS, ...usage, vcpuMinutes: 0, gpuMinutes: 0 }).toEqual({
        ...NO_AMOUNTS,
        ...sumAllocations(counted.map(allocationOf)),
      });
    }
    const [open] = await bench.dataSource.query<{ wrong: number }[]>(
      `SELECT count(*)::int AS wrong FROM instance i FULL JOIN allocation_period p ON p.instance_id = i.id AND p.to_at IS NULL
       WHERE i.state <> 'DELETED' AND (coalesce(p.vcpus, 0), coalesce(p.storage_mib, 0)) <> (i.alloc_vcpus, i.alloc_storage_mib)
         OR i.state = 'DELETED' AND p.id IS NOT NULL`,
    );
    expect(open?.wrong).toBe(0);
  }

  it('are never passed when a launch is granted, and usage is what lives, for any history of parallel clicks', async () => {
    let [granted, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
        await bench.dataSource.query('TRUNCATE instance, quota_override CASCADE');
        for (const id of people)
          await limit('user', id, {
            machines: 4,
            vcpus: 6,
            memoryMib: 99,
            storageMib: 99,
            gpus: 0,
            vcpuMinutes: 400,
            gpuMinutes: 0,
          });
        for (const one of steps) {
          if (one.what === 'launches') {
            const won = (await Promise.all(one.all.map(click))).filter(Boolean).length;
            granted += won;
            refused += one.all.length - won;
          } else if (one.what === 'limit') {
            const ids = { user: bench.owner, proposal: 'p0', beamline: 'b0', site: 'site' };
            const value = one.amount === 'vcpuMinutes' ? one.value * 60 : one.value;
            await limit(one.kind, ids[one.kind], { [one.amount]: value }, one.over);
          } else {
            const rows = (await bench.dataSource.manager.find(InstanceEntity)).filter(
              ({ state }) => state === 'REQUESTED',
            );
            const row = rows[one.which % Math.max(1, rows.length)];
            if (row) await bench.instances.move(row, { to: 'FAILED', reason: 'storm', diskKept: one.keeps });
          }
          await usageIsTheSum();
        }
      }),
      { numRuns: 12 },
    );
    expect([granted > 0, refused > 0]).toEqual([true, true]);
  }, 120_000);
});
