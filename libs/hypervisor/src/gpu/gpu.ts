/** A graphics card of a host, all its functions together (picture, sound, USB: one card). */
export interface Gpu {
  /** Of its first function that is a display controller, as sysfs names it: `0000:65:00.0`. */
  address: string;
  /** All functions of the card, that one first. */
  functions: string[];
  /** PCI ids, four hexadecimal digits each. */
  vendor: string;
  device: string;
  /** PCI class and subclass: 0300 VGA, 0302 3D. */
  pciClass: string;
  /** The kernel's driver that has it now; null: none. */
  driver: string | null;
  /** Null: the host has no IOMMU, or it is off. */
  iommuGroup: number | null;
  /** Every device that shares the group, itself included; none can be given to a machine without the others. */
  groupMembers: string[];
  /** Null: the host does not say. */
  numaNode: number | null;
  /** Kinds of mediated device that its driver offers; told, not used. */
  mdevTypes: string[];
  /** Whether the site lets machines have it. */
  allowed: boolean;
  /** Why no machine can have it, for staff; null: one can. */
  unusable: string | null;
}
