import { type Limits, mapAmounts } from '@beamdesk/quota';
import { z } from 'zod';

const amount = z.int().nonnegative().max(2_000_000_000);
/** So that minutes fit into an integer column. */
const hours = z.int().nonnegative().max(30_000_000);

const HOURS = { vcpuHours: hours.optional(), gpuHours: hours.optional() };
const HELD = { machines: amount, vcpus: amount, memoryMib: amount, storageMib: amount };

type Written = Partial<Record<keyof typeof HELD | 'gpus' | keyof typeof HOURS, number | undefined>>;

/** What is not written is not limited; hours are counted in minutes. */
function limitsOf(written: Written): Limits {
  const minutes = (given: number | undefined) => (given === undefined ? null : given * 60);
  return mapAmounts((name) => {
    if (name === 'vcpuMinutes') return minutes(written.vcpuHours);
    if (name === 'gpuMinutes') return minutes(written.gpuHours);
    return written[name] ?? null;
  });
}

const ofRole = z.strictObject({ ...HELD, gpus: amount.default(0), ...HOURS }).transform(limitsOf);
const ofMany = z
  .strictObject({ ...HELD, gpus: amount })
  .partial()
  .extend(HOURS)
  .default({})
  .transform(limitsOf);

/** `quotas` of SITE_FILE: of each role's people, of every proposal, of every beamline, of all together. */
export const siteQuotas = z
  .strictObject({
    USER: ofRole,
    STAFF: ofRole,
    SUPPORT: ofRole,
    ADMIN: ofRole,
    PROPOSAL: ofMany,
    BEAMLINE: ofMany,
    SITE: ofMany,
    period: z.strictObject({ days: z.int().min(1).max(366) }).default({ days: 30 }),
  })
  .transform(({ PROPOSAL: proposal, BEAMLINE: beamline, SITE: site, period, ...roles }) => ({
    ...{ roles, proposal, beamline, site },
    periodDays: period.days,
  }));
