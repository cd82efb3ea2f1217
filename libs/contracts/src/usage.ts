import { z } from 'zod';

const count = z.int().nonnegative();

/** What usage is summed by, and how long one step of it is; steps begin at midnight, weeks on Monday, UTC. */
export const usageBy = z.enum(['beamline', 'proposal', 'image']).meta({ id: 'UsageBy' });
export type UsageBy = z.infer<typeof usageBy>;
export const usageStep = z.enum(['hour', 'day', 'week']).meta({ id: 'UsageStep' });
export type UsageStep = z.infer<typeof usageStep>;

export const USAGE_STEP_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
/** Steps of one answer at most. */
export const MOST_USAGE_STEPS = 1000;

/** `GET /api/monitor/usage` and `usage.csv`: from (included) to (excluded). */
export const usageQuery = z
  .strictObject({
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
    by: usageBy.default('beamline'),
    step: usageStep.default('day'),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after from' })
  .refine(({ from, to, step }) => (Date.parse(to) - Date.parse(from)) / USAGE_STEP_MS[step] <= MOST_USAGE_STEPS, {
    path: ['step'],
    message: `makes more than ${MOST_USAGE_STEPS} steps of this time`,
  })
  .meta({ id: 'UsageQuery' });
export type UsageQuery = z.infer<typeof usageQuery>;

const used = {
  vcpuHours: z.number().nonnegative(),
  gpuHours: z.number().nonnegative(),
  /** Different ones that held a machine at any moment of it. */
  desktops: count,
  people: count,
};

/**
 * Of one beamline, proposal or image; `points` has one for each of `steps`. Key null: of no beamline. `others`: of all that
 * are not among the most used ones, together.
 */
export const usageSeries = z
  .object({
    key: z.string().nullable(),
    name: z.string(),
    others: z.boolean(),
    total: z.object(used),
    points: z.array(z.object(used)),
  })
  .meta({ id: 'UsageSeries' });
export type UsageSeries = z.infer<typeof usageSeries>;

/** Most used first; `total` counts everybody once. `steps`: when each begins. */
export const usageView = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    by: usageBy,
    step: usageStep,
    steps: z.array(z.iso.datetime()),
    series: z.array(usageSeries),
    total: z.object(used),
  })
  .meta({ id: 'Usage' });
export type UsageView = z.infer<typeof usageView>;
