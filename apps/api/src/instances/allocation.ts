import type { Resources } from '@beamdesk/quota';
import type { InstanceEntity } from './entities/instance.entity';

type AllocationColumns = Pick<
  InstanceEntity,
  'allocMachines' | 'allocVcpus' | 'allocMemoryMib' | 'allocStorageMib' | 'allocGpus'
>;

/** What one instance holds, as its row says. */
export function allocationOf(row: AllocationColumns): Resources {
  return {
    machines: row.allocMachines,
    vcpus: row.allocVcpus,
    memoryMib: row.allocMemoryMib,
    storageMib: row.allocStorageMib,
    gpus: row.allocGpus,
  };
}

export function allocationColumns(held: Resources): AllocationColumns {
  return {
    allocMachines: held.machines,
    allocVcpus: held.vcpus,
    allocMemoryMib: held.memoryMib,
    allocStorageMib: held.storageMib,
    allocGpus: held.gpus,
  };
}
