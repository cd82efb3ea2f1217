import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { Bench, NO_FENCE, PLAN } from '../instances/testing/bench';
import { LaunchTimes } from './launch-times';

describe('LaunchTimes', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.dataSource.query('TRUNCATE launch_time, instance CASCADE'));

  /** A READY desktop whose launch took so long. */
  async function launched(seconds: number, path: 'clone' | 'cold' | null = 'clone', imageId = 'tiny'): Promise<string> {
    const id = await bench.request({ plan: { imageId } });
    await bench.dataSource.query(
      `UPDATE instance SET state = 'READY', revision = 3, launch_path = $2, ready_at = launched_at + make_interval(secs => $3)
       WHERE id = $1`,
      [id, path, seconds],
    );
    await bench.launches.record(id, 3);
    return id;
  }
  const expected = async (path: 'clone' | 'cold', imageId = 'tiny') =>
    (await new LaunchTimes(bench.dataSource).expected())({ ...PLAN, imageId }, path);

  it('expects the median of the launches of that kind and path', async () => {
    for (const seconds of [0.5, 30, 0.7]) await launched(seconds);
    await launched(60, 'cold');
    await launched(9, 'clone', 'other');
    expect(await expected('clone')).toBeCloseTo(0.7);
    expect(await expected('cold')).toBeCloseTo(60);
    expect(await expected('clone', 'other')).toBeCloseTo(9);
    expect(await expected('cold', 'other')).toBeNull();
    const larger = { imageId: 'tiny', flavour: { ...PLAN.flavour, memoryMib: 4096 } };
    expect((await new LaunchTimes(bench.dataSource).expected())(larger, 'clone')).toBeNull();
  });

  it('goes by the last twenty and keeps no more', async () => {
    for (let i = 0; i < 10; i++) await launched(100);
    for (let i = 0; i < 20; i++) await launched(1);
    expect(await expected('clone')).toBeCloseTo(1);
    expect(await bench.dataSource.query('SELECT count(*)::int AS n FROM launch_time')).toEqual([{ n: 20 }]);
  });

  it('counts nothing that moved on, or came up nobody knows how', async () => {
    const id = await launched(5, null);
    await bench.launches.record(id, 2);
    expect(await bench.dataSource.query('SELECT * FROM launch_time')).toEqual([]);
  });

  it('counts a launch once, not when its session comes back', async () => {
    const memory = new MemoryHypervisor();
    bench.settings.settleMs = 0;
    const reconciler = bench.reconciler(memory);
    const id = await bench.request();
    await reconciler.reconcile(id, NO_FENCE);
    memory.agentLost(id);
    await reconciler.reconcile(id, NO_FENCE);
    memory.sessionUp(id);
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.states(id)).toEqual(['REQUESTED', 'BUILDING', 'STARTING', 'READY', 'STARTING', 'READY']);
    expect(await bench.dataSource.query('SELECT image_id, path FROM launch_time')).toEqual([
      { image_id: 'tiny', path: 'cold' },
    ]);
  });

  it('does not keep a desktop from being ready when it cannot be written', async () => {
    await bench.dataSource.query('ALTER TABLE launch_time RENAME TO gone');
    const id = await bench.request();
    await bench.reconciler(new MemoryHypervisor()).reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('READY');
    await bench.dataSource.query('ALTER TABLE gone RENAME TO launch_time');
  });
});
