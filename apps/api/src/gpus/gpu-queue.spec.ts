import { QueueBench } from '../desktops/testing/queue-bench';
import { HOST, PLAN } from '../instances/testing/bench';
import { GpuLeases } from './gpu-leases';
import { HostGpuEntity } from './host-gpu.entity';

const withGpus = (gpus: number) => ({ flavour: { ...PLAN.flavour, gpus }, needs: { ...PLAN.needs, gpus } });

let site: QueueBench;
beforeAll(async () => (site = await QueueBench.open()));
afterAll(() => site.bench.close());

async function cards(hostId: string, ...buses: number[]): Promise<void> {
  for (const bus of buses) {
    const address = `0000:0${bus}:00.0`;
    await site.bench.dataSource.manager.insert(HostGpuEntity, {
      ...{ hostId, address, functions: [address], vendor: '10de', device: '20b0', pciClass: '0302', driver: null, iommuGroup: bus },
      ...{ groupMembers: [address], numaNode: null, mdevTypes: [], allowed: true, unusable: bus === 9 ? 'It cannot be reset.' : null },
    });
  }
}

const cardsOf = (id: string) => new GpuLeases().of(site.bench.dataSource.manager, id);

describe('launches that need graphics cards', () => {
  it('go to the host that has them free, and have them', async () => {
    await site.reset([{ memoryAvailableMib: 65_536 }, { id: 'gpu-host', memoryAvailableMib: 8192 }]);
    await cards(HOST, 9);
    await cards('gpu-host', 1, 2);
    const id = await site.click(withGpus(2));
    await site.keeper().keep();
    expect(await site.bench.row(id)).toMatchObject({ hostId: 'gpu-host', queuedAt: null });
    expect(await cardsOf(id)).toEqual(['0000:01:00.0', '0000:02:00.0']);
  });

  it('wait for one to be free, in order, and keep nobody waiting who needs none', async () => {
    await site.reset();
    await cards(HOST, 1);
    const [first, second, third] = [await site.click(withGpus(1)), await site.click(withGpus(1)), await site.click(withGpus(1))];
    const plain = await site.click();
    await site.keeper().keep();
    expect(await cardsOf(first)).toEqual(['0000:01:00.0']);
    expect(await site.waiting()).toEqual([second, third]);
    expect(await site.bench.row(second)).toMatchObject({ queueReason: 'gpus' });
    expect(await site.bench.row(plain)).toMatchObject({ hostId: HOST, queuedAt: null });
    await site.end(first);
    await site.keeper().keep();
    expect(await cardsOf(second)).toEqual(['0000:01:00.0']);
    expect(await site.waiting()).toEqual([third]);
  });

  it('have each their own, however many come and whoever gives them out', async () => {
    await site.reset();
    await cards(HOST, 1, 2, 3);
    const ids = await Promise.all(Array.from({ length: 8 }, () => site.click(withGpus(1))));
    await Promise.all(Array.from({ length: 4 }, () => site.keeper().keep()));
    const had = (await Promise.all(ids.map(cardsOf))).flat();
    expect(had.sort()).toEqual(['0000:01:00.0', '0000:02:00.0', '0000:03:00.0']);
    expect(await site.waiting()).toHaveLength(5);
  });

  it('are refused at once where no host ever has so many that can be had', async () => {
    await site.reset();
    await cards(HOST, 1, 9);
    await expect(site.click(withGpus(2))).rejects.toMatchObject({ code: 'HOST_TOO_SMALL' });
  });
});
