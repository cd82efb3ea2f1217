import type { Gpu } from '@beamdesk/hypervisor';
import { Bench, HOST, PLAN } from '../instances/testing/bench';
import { GpuInventory } from './gpu-inventory';
import { GpuLeases } from './gpu-leases';
import { GpusService } from './gpus.service';

const card = (bus: number, given: Partial<Gpu> = {}): Gpu => {
  const address = `0000:${bus.toString(16).padStart(2, '0')}:00.0`;
  return {
    ...{ address, functions: [address], vendor: '10de', device: '20b0', pciClass: '0302', driver: 'vfio-pci', iommuGroup: bus },
    ...{ groupMembers: [address], numaNode: 0, mdevTypes: [], allowed: true, unusable: null },
    ...given,
  };
};
const address = (bus: number) => card(bus).address;

let bench: Bench;
let found: Gpu[] = [];
let inventory: GpuInventory;
const leases = new GpuLeases();
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.dataSource.query('TRUNCATE instance, host_gpu CASCADE');
  found = [card(1), card(2), card(3), card(4, { unusable: 'It cannot be reset.' }), card(5, { numaNode: 1 })];
  inventory = new GpuInventory(bench.dataSource, { gpus: async () => found });
  await inventory.publish(HOST);
});

const gpuPlan = (gpus: number) => ({ plan: { needs: { ...PLAN.needs, gpus }, flavour: { ...PLAN.flavour, gpus } } });

const lease = (id: string, count: number) => bench.dataSource.transaction((manager) => leases.lease(manager, HOST, id, count));
const listed = async () => (await new GpusService(bench.dataSource).list()).items;
const stateOf = async (bus: number) => (await listed()).find((each) => each.address === address(bus));

describe('cards of a host', () => {
  it('are given to whoever comes, all that are asked for or none', async () => {
    const [one, two] = [await bench.request(gpuPlan(3)), await bench.request(gpuPlan(2))];
    expect(await lease(one, 3)).toEqual([1, 2, 3].map(address));
    expect(await lease(two, 2)).toBeNull();
    expect(await leases.of(bench.dataSource.manager, two)).toEqual([]);
    expect(await lease(two, 1)).toEqual([address(5)]);
    expect(await leases.of(bench.dataSource.manager, one)).toEqual([1, 2, 3].map(address));
  });

  it('are never given twice, however many ask at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => bench.request(gpuPlan(1))));
    const given = await Promise.all(ids.map((id) => lease(id, 1)));
    const had = given.filter((each) => each !== null).flat();
    expect(had.sort()).toEqual([1, 2, 3, 5].map(address));
    expect(given.filter((each) => each === null)).toHaveLength(8);
  });

  it('are not leased by a transaction that comes to nothing', async () => {
    const id = await bench.request(gpuPlan(1));
    const failed = bench.dataSource.transaction(async (manager) => {
      await leases.lease(manager, HOST, id, 4);
      throw new Error('quota');
    });
    await expect(failed).rejects.toThrow('quota');
    expect(await lease(id, 4)).toHaveLength(4);
  });

  it('may be leased before the instance is written, in the same transaction', async () => {
    const row = await bench.row(await bench.request(gpuPlan(0)));
    await bench.dataSource.transaction(async (manager) => {
      const id = '7d9d1f53-3f3b-4d2c-9a53-9c8d34b57c11';
      expect(await leases.lease(manager, HOST, id, 1)).toEqual([address(1)]);
      await manager.query(`UPDATE gpu_lease SET instance_id = $1 WHERE instance_id = $2`, [row.id, id]);
    });
    await expect(lease('7d9d1f53-3f3b-4d2c-9a53-9c8d34b57c11', 1)).rejects.toThrow(/foreign key/);
  });

  it('are another’s once the machine is off, and not before', async () => {
    const id = await bench.request(gpuPlan(4));
    await lease(id, 4);
    const other = await bench.request(gpuPlan(1));
    const moved = async (to: 'DELETING' | 'FAILED') => bench.instances.move(await bench.row(id), { to, reason: 'test', diskKept: to === 'FAILED' });
    await bench.instances.claim(await bench.row(id), { protocol: 'vnc', secret: Buffer.from('x'), imageSha256: null }, 'x');
    expect(await lease(other, 1)).toBeNull();
    // Its disk is kept, and its port with it; a card is not.
    await moved('FAILED');
    expect(await leases.of(bench.dataSource.manager, id)).toEqual([]);
    expect(await lease(other, 1)).toEqual([address(1)]);
  });
});

describe('the inventory', () => {
  it('tells what there is, why it is not usable, and who has it', async () => {
    const id = await bench.request(gpuPlan(1));
    await lease(id, 1);
    expect(await stateOf(1)).toMatchObject({
      ...{ hostId: HOST, vendor: '10de', vendorName: 'NVIDIA', state: 'leased', unusable: null },
      lease: { instanceId: id, owner: { id: bench.owner, name: 'Ada Okafor' } },
    });
    expect(await stateOf(2)).toMatchObject({ state: 'free', lease: null });
    expect(await stateOf(4)).toMatchObject({ state: 'unusable', unusable: 'It cannot be reset.', lease: null });
  });

  it('forgets what the host lost, but not what a desktop has', async () => {
    const id = await bench.request(gpuPlan(1));
    await lease(id, 1);
    found = [card(3, { driver: null })];
    await inventory.publish(HOST);
    expect((await listed()).map((each) => [each.address, each.state, each.unusable])).toEqual([
      [address(1), 'leased', 'The host does not have it any more.'],
      [address(3), 'free', null],
    ]);
    found = [];
    await inventory.publish(HOST);
    expect((await listed()).map((each) => each.address)).toEqual([address(1)]);
    await bench.dataSource.query('DELETE FROM gpu_lease');
    found = [card(1)];
    await inventory.publish(HOST);
    expect(await stateOf(1)).toMatchObject({ state: 'free', unusable: null });
  });
});
