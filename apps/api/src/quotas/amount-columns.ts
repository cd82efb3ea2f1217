import { AMOUNT_NAMES, type AmountName, type Limits, RESOURCE_NAMES } from '@beamdesk/quota';

/** Column of each amount in the tables of limits. */
export const COLUMNS: Readonly<Record<AmountName, string>> = {
  machines: 'machines',
  vcpus: 'vcpus',
  memoryMib: 'memory_mib',
  storageMib: 'storage_mib',
  gpus: 'gpus',
  vcpuMinutes: 'vcpu_minutes',
  gpuMinutes: 'gpu_minutes',
};

const pairs = (names: readonly AmountName[], value: (column: string, name: AmountName) => string) =>
  `json_build_object(${names.map((name) => `'${name}', ${value(COLUMNS[name], name)}`).join(', ')})`;

/** SQL: a row's limits as `Limits`. */
export const limitsOf = (table: string): string => pairs(AMOUNT_NAMES, (column) => `${table}.${column}`);

/** SQL: what rows of `instance` hold together, as `Resources`. */
export const heldBy = (table: string): string =>
  pairs(RESOURCE_NAMES, (column) => `coalesce(sum(${table}.alloc_${column}), 0)`);

/** For an insert or a comparison, in the order of `COLUMNS`. */
export const columnValues = (limits: Limits): (number | null)[] => AMOUNT_NAMES.map((name) => limits[name]);
