import type { PlanOffer, PlanView, QuotaView, ShortfallView } from '@beamdesk/contracts';
import { costWords, missingWords, shortfalls } from '../quotas/resource-words';
import { diskNotice } from '../resources/disk-words';
import { lifetime } from '../shell/durations';

/** Why a plan is offered: "for diffraction at ID11", "for X-ray fluorescence", "at N3 and BM18". */
export function reasonWords({ techniques, beamlines }: PlanOffer['for']): string {
  const parts = [techniques.length > 0 && `for ${list(techniques)}`, beamlines.length > 0 && `at ${list(beamlines)}`];
  return parts.filter(Boolean).join(' ');
}

/** "Up to 8 hours. Stop keeps this desktop's disk; start it again later." */
export function termsWords(plan: PlanView): string {
  return `Up to ${lifetime(plan.lifetimeMinutes)}. ${diskNotice(plan)}`;
}

/** What a click on an offer costs, or why it can't be had now. Only the server decides; this is for telling before. */
export function priceOf({ plan, unavailable }: PlanOffer, quota: QuotaView | undefined): { words: string; can: boolean } {
  if (unavailable !== null) return { words: `Not now. ${unavailable}`, can: false };
  const missing: readonly ShortfallView[] = quota ? shortfalls(quota, plan.needs) : [];
  if (missing.length > 0) return { words: missingWords(missing), can: false };
  return { words: quota ? `Takes ${costWords(plan.needs, quota)} that you have left` : '', can: true };
}

function list(names: readonly string[]): string {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
