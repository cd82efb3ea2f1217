import { z } from 'zod';

/** A graphics card of a host as its worker last saw it, with the desktop that has it. For admins. */
export const gpuView = z
  .object({
    hostId: z.string(),
    /** PCI address of the card's first function, e.g. `0000:65:00.0`. */
    address: z.string(),
    /** All functions of the card (picture, sound, USB), that one first. */
    functions: z.array(z.string()),
    /** PCI ids, four hexadecimal digits each. */
    vendor: z.string(),
    device: z.string(),
    /** The maker's name where it is known, e.g. "NVIDIA". */
    vendorName: z.string().nullable(),
    /** 0300: VGA, 0302: 3D. */
    pciClass: z.string(),
    driver: z.string().nullable(),
    iommuGroup: z.int().nonnegative().nullable(),
    /** All devices of the group, the card's own among them. */
    groupMembers: z.array(z.string()),
    numaNode: z.int().nonnegative().nullable(),
    /** Kinds of mediated device that its driver offers; told, not used. */
    mdevTypes: z.array(z.string()),
    /** Whether the site file names it for desktops. */
    allowed: z.boolean(),
    state: z.enum(['free', 'leased', 'unusable']),
    /** Why no desktop can have it; null: one can. */
    unusable: z.string().nullable(),
    seenAt: z.iso.datetime(),
    lease: z
      .object({
        instanceId: z.uuid(),
        owner: z.object({ id: z.uuid(), name: z.string() }),
        proposal: z.object({ key: z.string(), name: z.string() }),
        since: z.iso.datetime(),
      })
      .nullable(),
  })
  .meta({ id: 'Gpu' });
export type GpuView = z.infer<typeof gpuView>;

export const gpusView = z.object({ items: z.array(gpuView) }).meta({ id: 'Gpus' });
export type GpusView = z.infer<typeof gpusView>;
