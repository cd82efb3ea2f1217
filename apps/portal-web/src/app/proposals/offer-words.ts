import type { PlanOffer, PlanView, QuotaView, ShortfallView } from '@beamdesk/contracts';
import { costWords, missingWords, needsWords, shortfalls } from '../quotas/resource-words';
import { lifetime } from '../shell/durations';

/** Why a plan is offered: "for diffraction at ID11", "for X-ray fluorescence", "at N3 and BM18". */
export function reasonWords({ techniques, beamlines }: PlanOffer['for']): string {
  const parts = [techniques.length > 0 && `for ${list(techniques)}`, beamlines.length > 0 && `at ${list(beamlines)}`];
  return parts.filter(Boolean).join(' ');
}

/** What a desktop is and how long: "2 vCPUs, 2 GiB memory, 10 GiB storage, up to 8 hours, disk not kept". */
export function termsWords({ needs, lifetimeMinutes, keepsDisk }: PlanView): string {
  const parts = [needsWords({ ...needs, machines: 0 }), `up to ${lifetime(lifetimeMinutes)}`];
  return [...parts, keepsDisk ? 'disk kept' : 'disk not kept'].join(', ');
}

/** What a click on an offer costs, or why it can't be had now. Only the server decides; this is for telling before. */
export function priceOf({ plan, unavailable }: PlanOffer, quota: QuotaView | undefined): { words: string; can: boolean } {
  if (unavailable !== null) return { words: `Not now. ${unavailable}`, can: false };
  const missing: readonly ShortfallView[] = quota ? shortfalls(quota, plan.needs) : [];
  if (missing.length > 0) return { words: missingWords(missing), can: false };
  return { words: quota ? `Takes ${costWords(plan.needs, quota)} left` : `Takes ${needsWords(plan.needs)}`, can: true };
}

function list(names: readonly string[]): string {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
