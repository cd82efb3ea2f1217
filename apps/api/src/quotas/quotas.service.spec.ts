import { NOTHING } from '@beamdesk/quota';
import { AuthorisationEntity } from '../auth/entities/authorisation.entity';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { Bench, PLAN } from '../instances/testing/bench';
import { QuotaLimitEntity } from './quota-limit.entity';
import { QuotaOverrideEntity } from './quota-override.entity';
import { QuotasService } from './quotas.service';

describe('QuotasService', () => {
  let bench: Bench;
  let quotas: QuotasService;

  beforeAll(async () => {
    bench = await Bench.open();
    quotas = new QuotasService(bench.dataSource);
  });

  afterAll(() => bench.close());

  beforeEach(() => bench.dataSource.query('TRUNCATE instance, quota_limit, quota_override, authorisation CASCADE'));

  const limit = (subjectKind: 'role' | 'user', subjectId: string, machines: number, vcpus: number) => {
    const amounts = { machines, vcpus, memoryMib: 10, storageMib: 20, gpus: 0 };
    const times = { reason: 'test', startsAt: new Date(0) };
    return subjectKind === 'role'
      ? bench.dataSource.manager.insert(QuotaLimitEntity, { subjectKind, subjectId, ...amounts })
      : bench.dataSource.manager.insert(QuotaOverrideEntity, { subjectKind, subjectId, ...amounts, ...times });
  };
  const role = (name: 'USER' | 'STAFF' | 'ADMIN', expiresAt: Date | null = null) =>
    bench.dataSource.manager.insert(AuthorisationEntity, {
      ...{ userId: bench.owner, role: name, grantedBy: 'test', reason: 'test', expiresAt },
    });

  it('allows nothing to somebody without a role or a limit', async () => {
    expect(await quotas.standingOf(bench.owner)).toMatchObject({ limits: NOTHING, defaults: NOTHING });
    await role('USER');
    expect((await quotas.standingOf(bench.owner)).limits).toEqual(NOTHING);
  });

  it('takes the most of each resource that the roles of today give', async () => {
    await limit('role', 'USER', 2, 8);
    await limit('role', 'STAFF', 4, 4);
    await limit('role', 'ADMIN', 99, 99);
    await role('USER');
    await role('STAFF');
    await role('ADMIN', new Date(Date.now() - 1000));
    expect((await quotas.standingOf(bench.owner)).limits).toEqual({
      machines: 4,
      vcpus: 8,
      memoryMib: 10,
      storageMib: 20,
      gpus: 0,
    });
  });

  it("lets a limit of one's own replace the roles', and still tells the default", async () => {
    await limit('role', 'USER', 2, 8);
    await limit('user', bench.owner, 1, 1);
    await role('USER');
    const { limits, defaults } = await quotas.standingOf(bench.owner);
    expect([limits.machines, defaults.machines]).toEqual([1, 2]);
  });

  it('sums what live instances hold, and shows what is left, never below nothing', async () => {
    await limit('user', bench.owner, 1, 8);
    const [first] = [await bench.request(), await bench.request()];
    await bench.dataSource.manager.update(
      InstanceEntity,
      { id: first },
      { state: 'STOPPED', allocMachines: 0, allocVcpus: 0 },
    );
    expect((await quotas.viewFor(bench.owner)).usage).toMatchObject({
      machines: 1,
      vcpus: 1,
      storageMib: 2 * PLAN.needs.storageMib,
    });
    expect((await quotas.standingOf(bench.owner, undefined, first)).usage).toEqual(PLAN.needs);
    const { available } = await quotas.viewFor(bench.owner);
    expect(available).toEqual({ machines: 0, vcpus: 7, memoryMib: 0, storageMib: 0, gpus: 0 });
  });

  it('lets decisions for one person happen one after the other only, and others beside them', async () => {
    const { manager } = bench.dataSource;
    const other = await manager.save(manager.create(UserAccountEntity, { name: 'Bo', email: null }));
    const order: string[] = [];
    const decide = (name: string, user: string, until: Promise<unknown>) =>
      bench.dataSource.transaction(async (within) => {
        await quotas.lock(within, [user]);
        order.push(name);
        await until;
      });
    let end: () => void = () => undefined;
    const first = decide('first', bench.owner, new Promise<void>((resolve) => (end = resolve)));
    while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = decide('second', bench.owner, Promise.resolve());
    await decide('other', other.id, Promise.resolve());
    expect(order).toEqual(['first', 'other']);
    end();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'other', 'second']);
  });
});
