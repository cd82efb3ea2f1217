import { QemuBench, TINY_MS } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

describe('the log of QemuHypervisor', () => {
  let bench: QemuBench;
  let lines: { message: string; machine: unknown; requestId: unknown }[];
  beforeAll(() => {
    bench = new QemuBench();
  });
  beforeEach(() => {
    lines = [];
  });
  afterAll(() => bench.clear());

  const log = (_: string, message: string, { machine, requestId }: Record<string, unknown>) => {
    lines.push({ message, machine, requestId });
  };

  it('names the request that launched a machine, also after a restart of ours and for the next launch', async () => {
    const spec = { ...(await bench.spec()), requestId: 'click-1' };
    const first = bench.hypervisor({ log });
    await first.create(spec);
    await first.close();
    const next = bench.hypervisor({ log });
    await next.find(spec.id);
    await next.stop(spec.id, 'cut');
    await next.start(spec.id, 'another8', { requestId: 'click-2' });
    await next.destroy(spec.id);
    const said = lines.flatMap(({ machine, message, requestId }) => (machine === spec.id ? [`${message} ${String(requestId)}`] : []));
    // "Off" is said by who ends it and by who starts it again.
    expect([...new Set(said)]).toEqual(['machine on (cold) click-1', 'machine off click-1', 'machine on (cold) click-2']);
  });
});
