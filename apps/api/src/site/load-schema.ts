import { z } from 'zod';

const percent = z.int().min(1).max(1000);

/** What one host carries at most; null: no limit of this kind. */
const hostLimits = {
  /** Desktops that run, or are on their way. */
  maxDesktops: z.int().min(1).max(10_000).nullable(),
  /** Load average of a minute for each processor: 100 = as much to do as there are processors. */
  maxCpuLoadPercent: percent.nullable(),
  /** Share of a minute in which something waited for a processor. */
  maxCpuPressurePercent: z.int().min(1).max(100).nullable(),
};

/** Of one host, in place of the site's. */
export const hostLoad = z.strictObject(hostLimits).partial().default({});

/** `load` of the site file: when a launch waits, and when it is refused. */
export const siteLoad = z
  .strictObject({
    whenFull: z.enum(['queue', 'refuse'], 'must be queue or refuse').default('queue'),
    queueMax: z.int().min(1).max(10_000).default(100),
    queueMinutes: z.int().min(1).max(10_080).default(60),
    maxDesktops: hostLimits.maxDesktops.default(null),
    maxCpuLoadPercent: hostLimits.maxCpuLoadPercent.default(null),
    maxCpuPressurePercent: hostLimits.maxCpuPressurePercent.default(null),
  })
  .prefault({});

export type HostLoad = z.infer<typeof hostLoad>;
export type SiteLoad = z.infer<typeof siteLoad>;
