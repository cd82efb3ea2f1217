/** Amounts a desktop holds at once, or a limit allows. Integers; memory and storage in MiB. */
export interface Resources {
  machines: number;
  vcpus: number;
  memoryMib: number;
  storageMib: number;
  gpus: number;
}

export type ResourceName = keyof Resources;

export const RESOURCE_NAMES: readonly ResourceName[] = ['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus'];

export const NOTHING: Readonly<Resources> = Object.freeze(mapResources(() => 0));

/** New record with `f` applied to every resource. */
export function mapResources<T>(f: (name: ResourceName) => T): Record<ResourceName, T> {
  return {
    machines: f('machines'),
    vcpus: f('vcpus'),
    memoryMib: f('memoryMib'),
    storageMib: f('storageMib'),
    gpus: f('gpus'),
  };
}
