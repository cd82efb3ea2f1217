import { Gpu } from '../gpu/gpu';
import { aMachineSpec, hypervisorContract } from '../testing';
import { MemoryHypervisor } from './memory-hypervisor';

describe('MemoryHypervisor', () => {
  describe('keeps the contract', () => {
    let hypervisor: MemoryHypervisor;
    let port = 5900;
    beforeEach(() => (hypervisor = new MemoryHypervisor({ architectures: ['x86_64'] })));
    hypervisorContract(() => ({
      hypervisor,
      spec: () => aMachineSpec({ console: { protocol: 'vnc', port: ++port, password: 'sesame12' } }),
      bootMs: 500,
      resizes: true,
      lacks: 'aarch64',
    }));
  });

  it('refuses what does not fit its capacity', async () => {
    const capacity = { accelerator: 'tcg', vcpus: 1, memoryTotalMib: 300, memoryAvailableMib: 300, diskTotalMib: 100, diskAvailableMib: 100 };
    const hypervisor = new MemoryHypervisor({ capacity: { ...capacity, accelerator: 'tcg' } });
    const spec = aMachineSpec();
    await hypervisor.create(spec);
    const second = aMachineSpec({ console: { ...spec.console, port: 5999 } });
    await expect(hypervisor.create(second)).rejects.toMatchObject({ reason: 'no-memory' });
    const small = { ...second, flavour: { vcpus: 1, memoryMib: 1, diskMib: 90 } };
    await expect(hypervisor.create(small)).rejects.toMatchObject({ reason: 'no-disk' });
  });

  it('remembers the size of a screen until the guest starts anew', async () => {
    const hypervisor = new MemoryHypervisor();
    const { id } = await hypervisor.create(aMachineSpec());
    expect(hypervisor.displayOf(id)).toBeNull();
    await hypervisor.setDisplay(id, { width: 1600, height: 900 });
    expect(hypervisor.displayOf(id)).toEqual({ width: 1600, height: 900 });
    await hypervisor.stop(id);
    await hypervisor.start(id, 'another8');
    expect(hypervisor.displayOf(id)).toBeNull();
  });

  it('gives a card to one machine at a time, and another to one that is started again', async () => {
    const gpu = (address: string, unusable: string | null = null): Gpu => ({
      ...{ address, functions: [address], vendor: '10de', device: '20b0', pciClass: '0302', driver: null, iommuGroup: 1 },
      ...{ groupMembers: [address], numaNode: null, mdevTypes: [], allowed: true, unusable },
    });
    const [first, second, broken] = [gpu('0000:65:00.0'), gpu('0000:66:00.0'), gpu('0000:67:00.0', 'It cannot be reset.')];
    const hypervisor = new MemoryHypervisor({ gpus: [first, second, broken] });
    expect(await hypervisor.gpus()).toEqual([first, second, broken]);
    const one = aMachineSpec({ gpus: [first.address] });
    await hypervisor.create(one);
    const other = aMachineSpec({ gpus: [first.address], console: { ...one.console, port: 5999 } });
    await expect(hypervisor.create(other)).rejects.toMatchObject({ reason: 'gpu-unusable' });
    await expect(hypervisor.create({ ...other, gpus: [broken.address] })).rejects.toMatchObject({ detail: 'It cannot be reset.' });
    await hypervisor.stop(one.id);
    expect(await hypervisor.create(other)).toMatchObject({ path: 'cold' });
    await hypervisor.start(one.id, 'another8', { gpus: [second.address] });
    expect(hypervisor.specOf(one.id)?.gpus).toEqual([second.address]);
  });

  it('plays a crash, a reboot and a remark', async () => {
    const hypervisor = new MemoryHypervisor({ bootMs: null });
    const { id } = await hypervisor.create(aMachineSpec());
    expect(await hypervisor.find(id)).toMatchObject({ session: 'starting' });
    hypervisor.sessionUp(id);
    hypervisor.setNotice(id, 'Scratch is full');
    expect(await hypervisor.find(id)).toMatchObject({ session: 'up', notice: 'Scratch is full' });
    hypervisor.agentLost(id);
    expect(await hypervisor.find(id)).toMatchObject({ phase: 'on', session: 'unknown' });
    hypervisor.crash(id);
    expect(await hypervisor.find(id)).toMatchObject({ phase: 'off', exit: 'crashed' });
  });
});
