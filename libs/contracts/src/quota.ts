import { z } from 'zod';

const amount = z.int().nonnegative();

/** Amounts of what a desktop takes. Memory and storage in MiB; all integers. */
export const resourcesView = z
  .object({ machines: amount, vcpus: amount, memoryMib: amount, storageMib: amount, gpus: amount })
  .meta({ id: 'Resources' });
export type ResourcesView = z.infer<typeof resourcesView>;

export const resourceName = z.enum(['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus']);
export type ResourceName = z.infer<typeof resourceName>;

export const shortfallView = z
  .object({ resource: resourceName, requested: amount, available: amount, missing: amount })
  .meta({ id: 'Shortfall' });
export type ShortfallView = z.infer<typeof shortfallView>;

/** `available` = limits − usage, never below 0; computed, never stored. */
export const quotaView = z
  .object({
    limits: resourcesView,
    usage: resourcesView,
    available: resourcesView,
    /** What the default limits of this person's role are, to tell an override apart. */
    defaults: resourcesView,
  })
  .meta({ id: 'Quota' });
export type QuotaView = z.infer<typeof quotaView>;
