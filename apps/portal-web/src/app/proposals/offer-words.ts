import type { PlanOffer, PlanView, QuotaView, ShortfallView } from '@beamdesk/contracts';
import { amountsOf, leftAt, type Place, shortfalls } from '../quotas/quota-at';
import { costWords, missingWords, needsWords } from '../quotas/resource-words';
import { lifetime } from '../shell/durations';

/** Why a plan is offered: "for diffraction at ID11", "for X-ray fluorescence", "at N3 and BM18". */
export function reasonWords({ techniques, beamlines }: PlanOffer['for']): string {
  const parts = [techniques.length > 0 && `for ${list(techniques)}`, beamlines.length > 0 && `at ${list(beamlines)}`];
  return parts.filter(Boolean).join(' ');
}

/** "Up to 8 hours, stopped after 2 hours without use, disk not kept, reaches the network outside". */
export function termsWords({ lifetimeMinutes, idleMinutes, keepsDisk, network }: PlanView): string {
  return [
    `Up to ${lifetime(lifetimeMinutes)}`,
    ...(idleMinutes === null ? [] : [`stopped after ${lifetime(idleMinutes)} without use`]),
    `disk ${keepsDisk ? 'kept' : 'not kept'}`,
    network === 'outbound' ? 'reaches the network outside' : 'no network outside',
  ].join(', ');
}

/**
 * What a click on an offer takes of the quota, and `obstacle`: why it can't be had now; '' where it can. Only the server
 * decides; this is for telling before.
 */
export function priceOf(
  { plan, unavailable }: PlanOffer,
  quota: QuotaView | undefined,
  place?: Place,
): { takes: string; obstacle: string } {
  const missing: readonly ShortfallView[] = quota ? shortfalls(quota, plan, place) : [];
  const short = missing.length > 0 ? missingWords(missing) : '';
  const obstacle = unavailable === null ? short : `Not now. ${unavailable}`;
  const known = quota !== undefined && obstacle === '';
  return { takes: `Takes ${known ? `${costWords(amountsOf(plan), leftAt(quota, place))} left` : needsWords(plan.needs)}`, obstacle };
}

function list(names: readonly string[]): string {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
