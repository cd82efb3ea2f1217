import { Logger } from '@nestjs/common';
import { PLAN } from '../instances/testing/bench';
import type { ApiError } from '../http/api-error';
import { QueuedRows } from '../instances/queued-rows';
import { ordinal } from './queue-words';
import { QueueBench } from './testing/queue-bench';

const KEPT = { keepsDisk: true };
const LARGE = { flavour: { ...PLAN.flavour, memoryMib: 2048 }, needs: { ...PLAN.needs, memoryMib: 2048 } };

describe('launches that wait for a host', () => {
  let site: QueueBench;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    site = await QueueBench.open();
  });
  afterAll(() => site.bench.close());
  beforeEach(async () => {
    await site.reset();
    Object.assign(site.load, { whenFull: 'queue', maxDesktops: 1, queueMax: 100, queueMinutes: 60 });
  });

  const row = (id: string) => site.bench.row(id);
  const hostOf = async (id: string) => (await row(id)).hostId;
  const refusal = (click: Promise<unknown>) => click.then(() => null).catch((error: ApiError) => error.code);

  it('say their position and what is short, hold their quota, and live from when they are placed', async () => {
    const first = await site.click();
    const second = await site.click();
    const third = await site.click();
    const words = 'Waiting: 2nd in the queue, the host runs as many desktops as it may';
    expect(await row(third)).toMatchObject({
      ...{ state: 'REQUESTED', hostId: null, queuePosition: 2, queueReason: 'desktops', step: words },
      ...{ expiresAt: null, allocMachines: 1 },
    });
    await site.end(first);
    await site.keeper().keep();
    const placed = await row(second);
    expect(placed).toMatchObject({ hostId: 'local', queuedAt: null, queuePosition: null, step: 'Waiting for the host' });
    const minutes = ((placed.expiresAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThan(61);
    expect(placed.launchedAt.getTime()).toBeGreaterThan(placed.createdAt.getTime());
    const words1 = 'Waiting: 1st in the queue, the host runs as many desktops as it may';
    expect(await row(third)).toMatchObject({ queuePosition: 1, step: words1 });
  });

  it('are refused with the reason where the site wants that, and where no host is large enough', async () => {
    site.load.whenFull = 'refuse';
    await site.click();
    expect(await refusal(site.click())).toBe('HOST_FULL');
    site.load.whenFull = 'queue';
    expect(await refusal(site.click({ flavour: { ...PLAN.flavour, memoryMib: 99_999 } }))).toBe('HOST_TOO_SMALL');
    site.load.queueMax = 1;
    await site.click();
    expect(await refusal(site.click())).toBe('QUEUE_FULL');
  });

  it('are refused while no host is at work, and go to none that is drained', async () => {
    await site.reset([{ draining: true }]);
    expect(await refusal(site.click())).toBe('HOST_FULL');
    await site.reset([{ draining: true }, { id: 'other' }]);
    expect(await hostOf(await site.click())).toBe('other');
  });

  it('are never overtaken: a small one waits behind a large one that does not fit', async () => {
    site.load.maxDesktops = null;
    await site.reset([{ memoryLimitMib: 2048 }]);
    const running = await site.click();
    const large = await site.click(LARGE);
    const small = await site.click();
    await site.keeper().keep();
    expect(await site.waiting()).toEqual([large, small]);
    expect((await row(small)).queueReason).toBe('turn');
    await site.end(running);
    await site.keeper().keep();
    expect([await hostOf(large), await site.waiting()]).toEqual(['local', [small]]);
  });

  it('wait for the host of their kept disk without keeping others from other hosts', async () => {
    await site.reset([{ id: 'a' }]);
    const kept = await site.click(KEPT);
    await site.stopped(kept);
    const other = await site.click();
    expect(await hostOf(other)).toBe('a');
    await site.open(kept);
    expect(await row(kept)).toMatchObject({ hostId: 'a', queuePosition: 1, queueReason: 'desktops' });
    await site.bench.dataSource.query(`UPDATE host SET id = 'b' WHERE id = 'a'`);
    const free = await site.click();
    await site.keeper().keep();
    expect([await hostOf(free), (await row(kept)).queueReason]).toEqual(['b', 'host']);
  });

  it('leave the queue when their owner stops them: nothing remains but a disk that was there', async () => {
    const first = await site.click(KEPT);
    const fresh = await site.click(KEPT);
    await site.stop(fresh);
    await site.keeper().keep();
    expect(await row(fresh)).toMatchObject({ state: 'DELETED', allocMachines: 0, queuedAt: null });
    await site.stopped(first);
    const running = await site.click();
    await site.open(first);
    await site.stop(first);
    await site.keeper().keep();
    expect(await row(first)).toMatchObject({ state: 'STOPPED', hostId: 'local', allocMachines: 0, allocStorageMib: 1024 });
    await site.end(running);
    await site.open(first);
    expect(await row(first)).toMatchObject({ state: 'REQUESTED', hostId: 'local', queuedAt: null });
  });

  it('fail when they waited too long, and can be put away', async () => {
    await site.click();
    const late = await site.click();
    await site.bench.dataSource.query(`UPDATE instance SET queued_at = queued_at - interval '61 min' WHERE id = $1`, [late]);
    await site.keeper().keep();
    expect(await row(late)).toMatchObject({ state: 'FAILED', failureCode: 'QUEUE_TIMEOUT', allocMachines: 0, queuedAt: null });
    await site.bench.instances.want(late, 'DELETED', 'deleted', ['RUNNING']);
    await site.keeper().keep();
    expect((await row(late)).state).toBe('DELETED');
  });

  it('are held back while a maintenance lasts, however long', async () => {
    const { dataSource, owner } = site.bench;
    const first = await site.click();
    const late = await site.click();
    await dataSource.query(
      `INSERT INTO announcement (kind, text, shown_from, starts_at, made_by) VALUES ('maintenance', 'New disks', now(), now(), $1)`,
      [owner],
    );
    await site.end(first);
    await dataSource.query(`UPDATE instance SET queued_at = queued_at - interval '61 min' WHERE id = $1`, [late]);
    await site.keeper().keep();
    const step = 'Waiting: 1st in the queue, the site is being maintained';
    expect(await row(late)).toMatchObject({ state: 'REQUESTED', hostId: null, queueReason: 'maintenance', step });
    await dataSource.query('DELETE FROM announcement');
    await dataSource.query('UPDATE instance SET queued_at = now() WHERE id = $1', [late]);
    await site.keeper().keep();
    expect(await hostOf(late)).toBe('local');
  });

  it('keep order and limit however many clicks and keepers there are at once', async () => {
    site.load.maxDesktops = 3;
    const clicks = await Promise.all(Array.from({ length: 24 }, () => site.click()));
    const order = [...(await site.waiting())];
    expect(order).toHaveLength(21);
    const placed: string[] = [];
    for (let round = 0; round < 7; round++) {
      const running = (await site.rows()).filter(({ state, hostId }) => state === 'REQUESTED' && hostId !== null);
      expect(running).toHaveLength(3);
      await Promise.all(running.map(({ id }) => site.end(id)));
      await Promise.all([site.keeper().keep(), site.keeper().keep(), site.keeper().keep()]);
      const gone = order.slice(0, 3 * (round + 1)).filter((id) => !placed.includes(id));
      const now = (await site.rows()).filter(({ state, hostId }) => state === 'REQUESTED' && hostId !== null);
      expect(now.map(({ id }) => id).sort()).toEqual([...gone].sort());
      placed.push(...gone);
    }
    expect(placed.sort()).toEqual(clicks.filter((id) => order.includes(id)).sort());
  });

  it('survive keepers that die at any line', async () => {
    site.load.maxDesktops = 2;
    for (let deadline = 0; deadline < 12; deadline++) {
      await site.reset();
      const ids = [];
      for (let i = 0; i < 6; i++) ids.push(await site.click(i % 2 ? KEPT : {}));
      await site.end(ids[0] ?? '');
      await site.stop(ids[3] ?? '');
      let calls = deadline;
      const rows = new QueuedRows(site.bench.instances);
      const dying = new Proxy(rows, {
        get: (target, name, receiver) => {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            if (calls-- <= 0) throw new Error('killed');
            return (value as (...a: unknown[]) => unknown).apply(target, args);
          };
        },
      });
      const died = await site.keeper(dying).keep().then(() => false).catch(() => true);
      if (died) expect((await row(ids[3] ?? '')).state).toBe('REQUESTED');
      await site.keeper().keep();
      expect(await hostOf(ids[2] ?? '')).toBe('local');
      expect((await row(ids[3] ?? '')).state).toBe('DELETED');
      expect(await site.waiting()).toEqual(ids.slice(4));
    }
  });

  it('tell the pages of every change of their turn, and of nothing else', async () => {
    await site.click();
    const second = await site.click();
    const revision = async () => (await site.bench.dataSource.query<{ x: string }[]>(`SELECT xmin::text AS x FROM instance WHERE id = $1`, [second]))[0]?.x;
    await site.keeper().keep();
    const before = await revision();
    await site.keeper().keep();
    expect(await revision()).toBe(before);
  });

  it('are counted in English', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual(
      ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th'],
    );
  });
});
