import { HypervisorUnreachable, MachineRefused } from '../errors';
import { aMachineSpec, FailingHypervisor, NeverHypervisor, SlowHypervisor, VanishingHypervisor } from '.';

const after = (ms: number) => new Promise<'nothing'>((resolve) => setTimeout(() => resolve('nothing'), ms));

describe('the doubles of Hypervisor', () => {
  it('slow: answers, later', async () => {
    const slow = new SlowHypervisor(60);
    const answer = slow.create(aMachineSpec());
    expect(await Promise.race([answer, after(20)])).toBe('nothing');
    expect(await answer).toMatchObject({ phase: 'on' });
  });

  it('never: does not answer what acts, but can be asked', async () => {
    const never = new NeverHypervisor();
    expect(await Promise.race([never.create(aMachineSpec()), after(20)])).toBe('nothing');
    expect(await never.list()).toEqual([]);
  });

  it('failing: unreachable until told otherwise, or by call', async () => {
    const failing = new FailingHypervisor();
    await expect(failing.find('x')).rejects.toBeInstanceOf(HypervisorUnreachable);
    failing.failures = { create: new MachineRefused('No.', 'no-disk', 'full') };
    expect(await failing.find('x')).toBeNull();
    await expect(failing.create(aMachineSpec())).rejects.toMatchObject({ reason: 'no-disk' });
  });

  it('vanishing: a machine that is surely gone, without a trace', async () => {
    const vanishing = new VanishingHypervisor();
    const { id } = await vanishing.create(aMachineSpec());
    await vanishing.vanish(id);
    expect(await vanishing.find(id)).toBeNull();
    const soon = new VanishingHypervisor(10);
    const other = await soon.create(aMachineSpec());
    await after(40);
    expect(await soon.find(other.id)).toBeNull();
  });
});
