import { aMachineSpec, hypervisorContract } from '../testing';
import { MemoryHypervisor } from './memory-hypervisor';

describe('MemoryHypervisor', () => {
  describe('keeps the contract', () => {
    let hypervisor: MemoryHypervisor;
    let port = 5900;
    beforeEach(() => (hypervisor = new MemoryHypervisor()));
    hypervisorContract(() => ({
      hypervisor,
      spec: () => aMachineSpec({ console: { protocol: 'vnc', port: ++port, password: 'sesame12' } }),
      bootMs: 500,
      resizes: true,
    }));
  });

  it('refuses what does not fit its capacity', async () => {
    const capacity = { accelerator: 'tcg', vcpus: 1, memoryTotalMib: 300, memoryAvailableMib: 300, diskAvailableMib: 100 };
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
