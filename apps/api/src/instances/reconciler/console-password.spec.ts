import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { Bench, IMAGES, NO_FENCE } from '../testing/bench';

const RDP_IMAGES = {
  machineImage: async (id: string) => ({ ...(await IMAGES.machineImage(id)), protocol: 'rdp' as const }),
};

describe('the console password of a machine whose guest serves the console', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open();
    bench.settings.settleMs = 0;
  });
  afterAll(() => bench.close());

  async function stored(id: string): Promise<string> {
    const sealed = await bench.instances.sealedSecret(id);
    return sealed ? bench.secrets.open(id, sealed) : '';
  }

  it('is told to the guest before the desktop is ready, and again, the same one, after the guest restarted', async () => {
    const memory = new MemoryHypervisor();
    const personalise = jest.spyOn(memory, 'personalise');
    const id = await bench.request();
    await bench.reconciler(memory, RDP_IMAGES).reconcile(id, NO_FENCE);
    const password = await stored(id);
    expect(password).toMatch(/^[A-Za-z2-9]{24}$/);
    expect(memory.toldTo(id)?.consolePassword).toBe(password);
    memory.agentLost(id);
    // Also for a worker that took over meanwhile and knows nothing but the rows.
    const next = bench.reconciler(memory, RDP_IMAGES);
    await next.reconcile(id, NO_FENCE);
    memory.sessionUp(id);
    await next.reconcile(id, NO_FENCE);
    expect(personalise.mock.calls.map(([, what]) => what.consolePassword)).toEqual([password, password]);
    expect(await bench.states(id)).toEqual(['REQUESTED', 'BUILDING', 'STARTING', 'READY', 'STARTING', 'READY']);
  });

  it('is another one each time a kept disk is started, and the guest is told that one', async () => {
    const memory = new MemoryHypervisor();
    const reconciler = bench.reconciler(memory, RDP_IMAGES);
    const id = await bench.request({ plan: { keepsDisk: true } });
    await reconciler.reconcile(id, NO_FENCE);
    const first = await stored(id);
    await bench.instances.want(id, 'STOPPED', 'stopped', ['RUNNING']);
    await reconciler.reconcile(id, NO_FENCE);
    await reconciler.reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('STOPPED');
    expect(await bench.again(id)).toBe(true);
    await reconciler.reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('READY');
    const second = await stored(id);
    expect(second).not.toBe(first);
    expect(memory.toldTo(id)?.consolePassword).toBe(second);
  });

  it('stays with the hypervisor where that guards the console', async () => {
    const memory = new MemoryHypervisor();
    const id = await bench.request();
    await bench.reconciler(memory).reconcile(id, NO_FENCE);
    expect(memory.toldTo(id)?.consolePassword).toBeNull();
    expect(JSON.stringify(memory.toldTo(id))).not.toContain(await stored(id));
  });
});
