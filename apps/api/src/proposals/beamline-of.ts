import type { Proposal } from '@beamdesk/catalogue';
import type { Site } from '../site/site';

/**
 * The beamline that desktops of a proposal count for: that of the latest visit whose beamline the site knows; null: it knows none.
 * A visit without a date comes before all others.
 */
export function beamlineOf({ visits }: Pick<Proposal, 'visits'>, site: Pick<Site, 'beamlines'>): string | null {
  const known = new Set(site.beamlines.map(({ id }) => id));
  const at = ({ start, end }: Proposal['visits'][number]) => (start ?? end)?.getTime() ?? -Infinity;
  const ours = visits.filter(({ beamline }) => known.has(beamline.id));
  return [...ours].sort((a, b) => at(b) - at(a) || a.beamline.id.localeCompare(b.beamline.id))[0]?.beamline.id ?? null;
}
