import type { PlanAdminView, PlansView } from '@beamdesk/contracts';
import { lifetime } from '../shell/durations';

/** "up to 8 hours, stopped after 2 hours without use, disk thrown away, no network outside, may be extended twice by 60 minutes". */
export function planTerms(
  plan: Pick<PlanAdminView, 'lifetimeMinutes' | 'idleMinutes' | 'keepsDisk' | 'network' | 'extension'>,
): string {
  const { extension, idleMinutes } = plan;
  return [
    `up to ${lifetime(plan.lifetimeMinutes)}`,
    ...(extension ? [`by oneself ${extension.times} × ${lifetime(extension.minutes)} more`] : []),
    ...(idleMinutes === null ? [] : [`stopped after ${lifetime(idleMinutes)} without use`]),
    plan.keepsDisk ? 'disk kept' : 'disk not kept',
    plan.network === 'outbound' ? 'reaches the network outside' : 'no network outside',
  ].join(', ');
}

/** Where a plan is offered: "ID11, BM18", "diffraction", "diffraction at ID11". `names` by id. */
export function placeWords(
  { beamlines, techniques }: Pick<PlanAdminView, 'beamlines' | 'techniques'>,
  names: ReadonlyMap<string, string>,
): string {
  const list = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id).join(', ');
  if (beamlines.length === 0) return list(techniques);
  return techniques.length === 0 ? list(beamlines) : `${list(techniques)} at ${list(beamlines)}`;
}

/** Of beamlines and techniques, by id. */
export function placeNames(view: Pick<PlansView, 'beamlines' | 'techniques'> | undefined): ReadonlyMap<string, string> {
  return new Map([...(view?.beamlines ?? []), ...(view?.techniques ?? [])].map(({ id, name }) => [id, name]));
}
