import type { QuotaOverrideView, QuotaSubject, SubjectQuota } from '@beamdesk/contracts';
import { AMOUNT_NAMES, availableOf, deciding, isInForce, type Override } from '@beamdesk/quota';
import { type HeldPart, partsOf } from './quota-names';
import { explain } from './quota-exceeded';
import type { FoundStanding } from './standings';

type Told = Override & { id: string; reason: string };

/** Newest first, each with what of it counts now. */
export function overrideViews(overrides: readonly Told[], now: Date): QuotaOverrideView[] {
  const by = deciding(overrides, now);
  return [...overrides]
    .sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime())
    .map((one) => ({
      ...{ id: one.id, amounts: one.amounts, reason: one.reason },
      startsAt: one.startsAt.toISOString(),
      endsAt: one.endsAt?.toISOString() ?? null,
      state: isInForce(one, now) ? 'in-force' : one.endedAt === null && one.startsAt > now ? 'coming' : 'ended',
      counts: AMOUNT_NAMES.filter((name) => by[name]?.id === one.id),
    }));
}

/** Whether anything of it is limited. */
export const isLimited = ({ limits }: Pick<FoundStanding, 'limits'>): boolean =>
  AMOUNT_NAMES.some((name) => limits[name] !== null);

/** @param parts what the person who looks holds; none for staff */
export function subjectView(subject: QuotaSubject, standing: FoundStanding, parts: readonly HeldPart[]): SubjectQuota {
  const { limits, defaults, usage, overrides } = standing;
  const told = AMOUNT_NAMES.filter((name) => limits[name] !== null || usage[name] > 0);
  return {
    ...{ subject, limits, defaults, usage },
    available: availableOf(limits, usage),
    overrides: overrideViews(overrides, new Date()),
    holdings: partsOf(standing, parts).map(({ proposalKey, proposalName, amounts }) => ({
      ...{ proposalKey, proposalName, amounts },
    })),
    explained: Object.fromEntries(
      told.map((name) => [name, explain(name, { subject: standing, limits, usage }, parts, null)]),
    ),
  };
}
