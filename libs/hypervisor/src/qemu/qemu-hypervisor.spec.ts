import { hypervisorContract } from '../testing/hypervisor-contract';
import { QemuHypervisor } from './qemu-hypervisor';
import { QemuBench, TINY_MS } from './testing/real-qemu';

jest.setTimeout(2 * TINY_MS);

describe('QemuHypervisor keeps the contract', () => {
  let bench: QemuBench;
  let hypervisor: QemuHypervisor;
  beforeAll(() => {
    bench = new QemuBench();
    const none = '/nonexistent';
    bench.config.platforms = {
      aarch64: { program: none, firmware: { code: none, settings: none }, packages: { program: 'qemu-system-arm', firmware: 'qemu-efi-aarch64' } },
    };
    hypervisor = bench.hypervisor({ templatesDir: bench.config.templatesDir });
  });
  afterAll(() => bench.clear());

  hypervisorContract(() => ({ hypervisor, spec: () => bench.spec(), bootMs: TINY_MS, resizes: false, lacks: 'aarch64' }));
});
