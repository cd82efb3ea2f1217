import { aMachineSpec } from '../testing/machine-spec';
import { capacityLeft, OVERHEAD_MIB, refuseBeyond } from './capacity';
import { HostFigures } from './launcher/launcher';
import { identify } from './launcher/processes';
import { machineOrder } from './machine-order';
import { MachineRecord } from './record';

const figures: HostFigures = {
  accelerator: 'tcg',
  warning: null,
  vcpus: 2,
  memoryTotalMib: 8192,
  memoryAvailableMib: 4096,
  diskTotalMib: 20_000,
  diskAvailableMib: 10_000,
};
const settings = { reserve: { memoryMib: 512, diskMib: 1000 }, memoryCommitment: 1 };

function record(process: MachineRecord['process']): { record: MachineRecord; files: string } {
  const { console, ...spec } = aMachineSpec({ flavour: { vcpus: 1, memoryMib: 1024, diskMib: 2000 } });
  const order = machineOrder.parse({ ...spec, console: { protocol: console.protocol, port: console.port } });
  const createdAt = new Date(0).toISOString();
  const rest = { exit: null, notice: null, personalised: null, path: 'cold', coldReason: null } as const;
  return { record: { version: 1, phase: 'made', order, createdAt, process, argv: [], ...rest }, files: '/nonexistent' };
}

describe('what a host can still carry', () => {
  it('is what is free, less the reserve', () => {
    expect(capacityLeft(figures, [], settings)).toMatchObject({ memoryAvailableMib: 3584, diskTotalMib: 20_000, diskAvailableMib: 9000 });
  });

  it('counts what machines were promised and did not take yet: disk always, memory while they run', () => {
    const off = record(null);
    expect(capacityLeft(figures, [off, off], settings)).toMatchObject({ memoryAvailableMib: 3584, diskAvailableMib: 5000 });
    const reused = record(identify(process.pid));
    expect(capacityLeft(figures, [reused], settings)).toMatchObject({ memoryAvailableMib: 3584 });
  });

  it('is never below nothing', () => {
    const full = { ...figures, memoryAvailableMib: 100, diskAvailableMib: 100 };
    expect(capacityLeft(full, [], settings)).toMatchObject({ memoryAvailableMib: 0, diskAvailableMib: 0 });
  });

  it('refuses what goes beyond, and says which', () => {
    const capacity = capacityLeft(figures, [], settings);
    const flavour = { vcpus: 1, memoryMib: 3584 - OVERHEAD_MIB, diskMib: 9000 };
    expect(() => refuseBeyond(capacity, flavour, 1)).not.toThrow();
    expect(() => refuseBeyond(capacity, { ...flavour, memoryMib: flavour.memoryMib + 1 }, 1)).toThrow(
      expect.objectContaining({ reason: 'no-memory' }),
    );
    expect(() => refuseBeyond(capacity, { ...flavour, diskMib: 9001 }, 1)).toThrow(expect.objectContaining({ reason: 'no-disk' }));
    expect(() => refuseBeyond(capacity, { ...flavour, memoryMib: 5000 }, 0.5)).not.toThrow();
  });
});
