import { NO_LIMITS, NOTHING } from '@beamdesk/quota';
import { AuthorisationEntity } from '../auth/entities/authorisation.entity';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { Bench, PLAN, QUOTAS } from '../instances/testing/bench';
import type { Site } from '../site/site';
import { QuotaLimitEntity } from './quota-limit.entity';
import { lockSubjects } from './quota-locks';
import { QuotaNames } from './quota-names';
import { QuotaOverrideEntity } from './quota-override.entity';
import { QuotasService } from './quotas.service';

const NO_HOURS = { vcpuMinutes: null, gpuMinutes: null };
const AMOUNTS = { memoryMib: 10, storageMib: 20, gpus: 0, ...NO_HOURS };
const HOUR_MS = 3_600_000;

describe('QuotasService', () => {
  let bench: Bench;
  let quotas: QuotasService;

  beforeAll(async () => {
    bench = await Bench.open();
    const site = { quotas: QUOTAS } as Site;
    quotas = new QuotasService(bench.dataSource, bench.standings, new QuotaNames(), site);
  });

  afterAll(() => bench.close());

  beforeEach(() => bench.dataSource.query('TRUNCATE instance, quota_limit, quota_override, authorisation CASCADE'));

  const limit = (subjectKind: QuotaLimitEntity['subjectKind'], subjectId: string, amounts: Partial<QuotaLimitEntity>) =>
    bench.dataSource.manager.insert(QuotaLimitEntity, { subjectKind, subjectId, ...AMOUNTS, ...amounts });
  const override = (given: Partial<QuotaOverrideEntity>) =>
    bench.dataSource.manager.insert(QuotaOverrideEntity, {
      ...{ subjectKind: 'user', subjectId: bench.owner, reason: 'A campaign.', startsAt: new Date(0) },
      ...given,
    });
  const role = (name: 'USER' | 'STAFF' | 'ADMIN', expiresAt: Date | null = null) =>
    bench.dataSource.manager.insert(AuthorisationEntity, {
      ...{ userId: bench.owner, role: name, grantedBy: 'test', reason: 'test', expiresAt },
    });
  const standing = async (except: string | null = null) => {
    const person = [{ kind: 'user', id: bench.owner }] as const;
    const [found] = await bench.standings.of(person, bench.dataSource.manager, { except, minutes: true });
    if (!found) throw new Error('no standing');
    return found;
  };

  it('allows nothing to somebody without a role or a limit', async () => {
    const nothing = { ...NOTHING, vcpuMinutes: 0, gpuMinutes: 0 };
    expect(await standing()).toMatchObject({ limits: nothing, defaults: nothing });
    await role('USER');
    expect((await standing()).limits).toEqual(nothing);
  });

  it('takes the most of each resource that the roles of today give', async () => {
    await limit('role', 'USER', { machines: 2, vcpus: 8, vcpuMinutes: 60 });
    await limit('role', 'STAFF', { machines: 4, vcpus: 4, vcpuMinutes: null });
    await limit('role', 'ADMIN', { machines: 99, vcpus: 99 });
    await role('USER');
    await role('STAFF');
    await role('ADMIN', new Date(Date.now() - 1000));
    expect((await standing()).limits).toEqual({ ...AMOUNTS, machines: 4, vcpus: 8 });
  });

  it('lets the newest override in force that names a resource count, and ends it by the clock', async () => {
    await limit('role', 'USER', { machines: 2, vcpus: 8 });
    await role('USER');
    await override({ machines: 9, vcpus: 1, madeAt: new Date(1000) });
    await override({ machines: 5, madeAt: new Date(2000), endsAt: new Date(Date.now() + HOUR_MS) });
    await override({ machines: 77, madeAt: new Date(3000), startsAt: new Date(Date.now() + HOUR_MS) });
    await override({ machines: 78, madeAt: new Date(4000), endsAt: new Date(Date.now() - 1000) });
    await override({ machines: 79, madeAt: new Date(5000), endedAt: new Date() });
    const { limits, defaults } = await standing();
    expect([limits.machines, limits.vcpus, defaults.machines]).toEqual([5, 1, 2]);
    const { subjects } = await quotas.viewFor(bench.owner);
    expect(subjects[0]?.overrides.map(({ amounts, state, counts }) => [amounts.machines, state, counts])).toEqual([
      [77, 'coming', []],
      [5, 'in-force', ['machines']],
      [9, 'in-force', ['vcpus']],
    ]);
  });

  it('sums what live instances hold, and shows what is left, never below nothing', async () => {
    await override({ machines: 1, vcpus: 8, memoryMib: 10, storageMib: 20, gpus: 0 });
    const [first] = [await bench.request(), await bench.request()];
    await bench.dataSource.manager.update(
      InstanceEntity,
      { id: first },
      { state: 'STOPPED', allocMachines: 0, allocVcpus: 0 },
    );
    const view = await quotas.viewFor(bench.owner);
    expect(view.usage).toMatchObject({ machines: 1, vcpus: 1, storageMib: 2 * PLAN.needs.storageMib });
    expect((await standing(first)).usage).toMatchObject(PLAN.needs);
    expect(view.available).toEqual({ machines: 0, vcpus: 7, memoryMib: 0, storageMib: 0, gpus: 0 });
    expect(view.subjects[0]?.explained.machines).toBe('1 of 1 desktop: 1 in proposal 2026/0301 A');
  });

  it('counts minutes of a period: what was used, and what runs up to its end', async () => {
    const plan = { needs: { ...PLAN.needs, vcpus: 3, gpus: 1 } };
    const expiresAt = new Date(Date.now() + 2 * HOUR_MS);
    const id = await bench.request({ plan, set: { expiresAt } });
    expect((await standing()).usage).toMatchObject({ vcpuMinutes: 360, gpuMinutes: 120 });
    const shift = `UPDATE allocation_period SET from_at = from_at - interval '1 hour'`;
    await bench.dataSource.query(shift);
    expect((await standing()).usage).toMatchObject({ vcpuMinutes: 540, gpuMinutes: 180 });
    // Stopped: what it did not use is given back, what it used stays used until the period is over.
    await bench.instances.move(await bench.row(id), { to: 'FAILED', reason: 'x' });
    expect((await standing()).usage).toMatchObject({ machines: 0, vcpuMinutes: 181, gpuMinutes: 61 });
    const old = `UPDATE allocation_period SET from_at = from_at - make_interval(days => $1),
      to_at = to_at - make_interval(days => $1)`;
    await bench.dataSource.query(old, [30]);
    expect((await standing()).usage).toMatchObject({ vcpuMinutes: 0, gpuMinutes: 0 });
  });

  it('has used nothing of its hours while it waits for a host, and keeps a whole life for it', async () => {
    const queued = { hostId: null, queuedAt: () => 'clock_timestamp()', expiresAt: null };
    await bench.request({ set: queued });
    await bench.dataSource.query(`UPDATE allocation_period SET from_at = from_at - interval '5 hours'`);
    expect((await standing()).usage.vcpuMinutes).toBe(PLAN.lifetimeMinutes);
  });

  it('tells of proposals, beamlines and the site only what is limited, and never whose the rest is', async () => {
    await limit('beamline', '*', { machines: 4, vcpus: null, memoryMib: null, storageMib: null, gpus: null });
    await limit('site', '*', { machines: 9, vcpus: null, memoryMib: null, storageMib: null, gpus: null });
    const { manager } = bench.dataSource;
    const other = await manager.save(manager.create(UserAccountEntity, { name: 'Bo Secret', email: null }));
    const id = await bench.request({ set: { beamlineId: 'id11' } });
    const row = await bench.row(id);
    const theirs = await bench.request({ set: { beamlineId: 'id11', proposalKey: 'demo:lab:theirs' } });
    await manager.update(InstanceEntity, { id: theirs }, { ownerId: other.id });
    const view = await quotas.viewFor(bench.owner);
    expect(view.subjects.map(({ subject, usage }) => [subject.kind, usage.machines])).toEqual([
      ['user', 1],
      ['beamline', 2],
      ['site', 2],
    ]);
    expect(view.subjects[1]?.explained.machines).toBe("2 of 4 desktops: 1 yours, 1 other people's");
    expect(JSON.stringify(view)).not.toContain('Secret');
    await override({ ...NO_LIMITS, subjectKind: 'proposal', subjectId: row.proposalKey, machines: 3 });
    const kinds = (await quotas.viewFor(bench.owner)).subjects.map(({ subject }) => `${subject.kind} ${subject.name}`);
    expect(kinds).toEqual(['user Ada Okafor', 'proposal 2026/0301 A', 'beamline id11', 'site Whole site']);
  });

  it.each(['user', 'proposal', 'beamline', 'site'] as const)(
    'lets decisions for one %s happen one after the other only, and others beside them',
    async (kind) => {
      const { manager } = bench.dataSource;
      const name = kind === 'user' ? { name: 'Bo', email: null } : { name: 'Cy', email: null };
      const other = kind === 'user' ? (await manager.save(manager.create(UserAccountEntity, name))).id : 'other';
      const order: string[] = [];
      const decide = (who: string, id: string, until: Promise<unknown>) =>
        bench.dataSource.transaction(async (within) => {
          await lockSubjects(within, [{ kind, id }]);
          order.push(who);
          await until;
        });
      let end: () => void = () => undefined;
      const first = decide('first', bench.owner, new Promise<void>((resolve) => (end = resolve)));
      while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const second = decide('second', bench.owner, Promise.resolve());
      await decide('other', other, Promise.resolve());
      expect(order).toEqual(['first', 'other']);
      end();
      await Promise.all([first, second]);
      expect(order).toEqual(['first', 'other', 'second']);
    },
  );
});
