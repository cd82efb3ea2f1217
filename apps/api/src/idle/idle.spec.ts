import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { Logger } from '@nestjs/common';
import type { Audit } from '../audit/audit';
import type { Config } from '../config';
import { Bench, HOST, NO_FENCE } from '../instances/testing/bench';
import { IdleWatch } from './idle-watch';

const IDLE = { plan: { idleMinutes: 30, keepsDisk: true } };

describe('a desktop that nobody uses', () => {
  let bench: Bench;
  let machines: MemoryHypervisor;
  let warned: { id: string; stopAt: Date }[];
  let audited: unknown[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.dataSource.query('TRUNCATE instance, instance_move, member, port_reservation CASCADE');
    machines = new MemoryHypervisor();
    warned = [];
    audited = [];
  });

  /** A new one each time: nothing may be remembered outside of the row. */
  function watch(): IdleWatch {
    const config = { idle: { graceMs: 15 * 60_000, cpuShare: 0.1 } } as Config;
    const audit = { write: async (_: unknown, entry: unknown) => void audited.push(entry) } as unknown as Audit;
    const mails = { warn: async (_: unknown, { id }: { id: string }, stopAt: Date) => void warned.push({ id, stopAt }) };
    return new IdleWatch(bench.dataSource, machines, bench.settings, config, audit, mails as never);
  }

  async function ready(given: Parameters<Bench['request']>[0] = IDLE): Promise<string> {
    const id = await bench.request(given);
    await bench.reconciler(machines).reconcile(id, NO_FENCE);
    await bench.reconciler(machines).reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('READY');
    return id;
  }

  const TIMES = ['ready_at', 'last_busy_at', 'cpu_seen_at', 'idle_stop_at', 'state_since', 'launched_at'];
  /** Everything happened so much earlier. */
  async function pass(minutes: number): Promise<void> {
    const set = TIMES.map((name) => `${name} = ${name} - make_interval(mins => $1)`).join(', ');
    await bench.dataSource.query(`UPDATE instance SET ${set}`, [minutes]);
  }
  const sweep = () => watch().sweep(HOST);
  const session = (id: string, closed = false) =>
    bench.dataSource.query(
      `INSERT INTO desktop_session (instance_id, user_id, login_sid, bridge, read_only, closed_at)
       VALUES ($1, $2, 'sid', 'b', false, CASE WHEN $3 THEN now() END)`,
      [id, bench.owner, closed],
    );

  it('is warned about after its time, and stopped after the grace, its disk kept', async () => {
    const id = await ready();
    await sweep();
    await pass(29);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ idleStopAt: null, wanted: 'RUNNING' });
    await pass(1);
    await sweep();
    const { idleStopAt } = await bench.row(id);
    expect(warned).toEqual([{ id, stopAt: idleStopAt }]);
    expect((idleStopAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(14 * 60_000);
    await pass(14);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ wanted: 'RUNNING' });
    await pass(1);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ wanted: 'STOPPED', wantedReason: 'idle', idleStopAt: null });
    expect(audited).toEqual([expect.objectContaining({ kind: 'desktop-stopped', actorId: null, subjectId: bench.owner })]);
    expect(warned).toHaveLength(1);
  });

  it('is in use while its processors work, if little, and idle below the threshold', async () => {
    const id = await ready();
    await sweep();
    await pass(60);
    machines.setCpuSeconds(id, 0.1 * 3600 + 2);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ idleStopAt: null });
    await pass(60);
    machines.setCpuSeconds(id, 0.1 * 7200 - 5);
    await sweep();
    expect((await bench.row(id)).idleStopAt).not.toBeNull();
  });

  it('is in use while somebody is connected, and no longer once they are gone', async () => {
    const id = await ready();
    await session(id);
    await pass(600);
    await sweep();
    expect((await bench.row(id)).idleStopAt).toBeNull();
    await bench.dataSource.query('UPDATE desktop_session SET closed_at = now()');
    await pass(31);
    await sweep();
    expect((await bench.row(id)).idleStopAt).not.toBeNull();
  });

  it.each([
    ['a session', (id: string) => session(id)],
    ['work', async (id: string) => machines.setCpuSeconds(id, 1e6)],
    ['somebody who says so', async (id: string) => void (await bench.instances.used(id))],
  ])('is let alone again because of %s', async (_, come) => {
    const id = await ready();
    await sweep();
    await pass(30);
    await sweep();
    expect((await bench.row(id)).idleStopAt).not.toBeNull();
    await pass(16);
    await come(id);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ idleStopAt: null, wanted: 'RUNNING' });
    expect((await bench.row(id)).lastBusyAt).not.toBeNull();
  });

  it('is nobody’s business where its plan has no idle time', async () => {
    const id = await ready({ plan: { keepsDisk: true } });
    await pass(6000);
    await sweep();
    expect(await bench.row(id)).toMatchObject({ idleStopAt: null, cpuSeenAt: null });
  });

  it('is told once by two that watch at once', async () => {
    await ready();
    await sweep();
    await pass(31);
    await Promise.all([sweep(), sweep(), sweep()]);
    expect(warned).toHaveLength(1);
  });

  it('is not stopped by who saw it before somebody came back', async () => {
    const id = await ready();
    await sweep();
    await pass(31);
    await sweep();
    await pass(20);
    const old = await bench.row(id);
    await bench.instances.used(id);
    await watch()['stop'](old);
    expect(await bench.row(id)).toMatchObject({ wanted: 'RUNNING', idleStopAt: null });
  });
});

