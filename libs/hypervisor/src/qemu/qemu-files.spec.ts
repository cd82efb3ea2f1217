import { aPersonalisation } from '../testing/machine-spec';
import { QemuBench, TINY_MS } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

describe('files of a machine whose image serves none', () => {
  let bench: QemuBench;
  beforeAll(() => (bench = new QemuBench()));
  afterAll(() => bench.clear());

  it('are unavailable, again and again, and the answer says why', async () => {
    const hypervisor = bench.hypervisor();
    const spec = await bench.spec();
    await hypervisor.create(spec);
    await hypervisor.personalise(spec.id, aPersonalisation(), TINY_MS);
    for (let i = 0; i < 2; i++) {
      await expect(hypervisor.files(spec.id)).rejects.toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining('no file service'),
        detail: expect.stringContaining('the guest says'),
      });
    }
    expect(await hypervisor.find(spec.id)).toMatchObject({ session: 'up', personalised: true });
  });
});
