import type { Proposal } from '@beamdesk/catalogue';
import type { PlanSnapshot } from '../instances/plan-snapshot';
import { recognise, type Technique } from './techniques';

/** Where, and to whom, plans with an image are offered at all; each list empty: no limit. */
export interface ImageOffer {
  /** Ids. */
  beamlines: readonly string[];
  /** Ids. */
  techniques: readonly string[];
  /** Groups of which a person must be in one: see `Plans.forPerson`. */
  groups: readonly string[];
}

/** A plan of the site, and where it is offered. */
export interface OfferedPlan {
  plan: PlanSnapshot;
  preset: boolean;
  /** Ids. Empty: at every beamline. */
  beamlines: readonly string[];
  /** Ids. Empty: for every technique. Where both lists are empty the plan is offered nowhere. */
  techniques: readonly string[];
  /** What its image allows; the plan must fit within it. */
  image: ImageOffer;
  /** Why it can't be started now, a sentence for the user; null: it can. */
  unavailable: string | null;
}

/** What the site knows of beamlines and techniques. */
export interface Surroundings {
  beamlines: readonly { id: string; technique: string; techniques: readonly string[] }[];
  techniques: readonly Technique[];
}

/** A plan as it is offered to one proposal. `for`: the names that made it fit; for neither is empty in both. */
export interface PlanOffer {
  plan: PlanSnapshot;
  for: { techniques: string[]; beamlines: string[] };
  unavailable: string | null;
}

interface Named {
  id: string;
  name: string;
}

/** A beamline of the proposal with what was measured there; null: measured the site does not know where. */
interface Spot {
  beamline: Named | null;
  techniques: readonly Named[];
}

/**
 * The plans offered to a proposal, best first; what one click starts is the first of them, unless it is unavailable.
 *
 * A plan that names beamlines fits at one of them, a plan that names techniques fits where one of them is used, a plan
 * that names both needs both at one beamline; what its image is offered to narrows each of these spots. Order: fits by beamline and technique, by technique, by beamline; among
 * equals as in `plans`. The first that can be started and is preset comes before all others; where none is preset, the
 * first that can be started.
 */
export function offerFor(
  proposal: Pick<Proposal, 'visits' | 'techniques'>,
  plans: readonly OfferedPlan[],
  surroundings: Surroundings,
): PlanOffer[] {
  const spots = spotsOf(proposal, surroundings);
  const fitting = plans
    .flatMap((offered) => {
      const fit = fitOf(offered, spots);
      return fit ? [{ offered, ...fit }] : [];
    })
    // Stable: equals stay in the order of the site file.
    .sort((a, b) => a.level - b.level);
  const first =
    fitting.find(({ offered }) => offered.preset && offered.unavailable === null) ??
    fitting.find(({ offered }) => offered.unavailable === null);
  const ordered = first ? [first, ...fitting.filter((one) => one !== first)] : fitting;
  return ordered.map(({ offered: { plan, unavailable }, reason }) => ({ plan, for: reason, unavailable }));
}

/** What one click starts; null: nothing is offered that can be started now. */
export function presetOf(offers: readonly PlanOffer[]): PlanSnapshot | null {
  const [first] = offers;
  return first?.unavailable === null ? first.plan : null;
}

function spotsOf({ visits, techniques = [] }: Pick<Proposal, 'visits' | 'techniques'>, site: Surroundings): Spot[] {
  const beamlines = new Map(visits.map(({ beamline }) => [beamline.id, beamline]));
  const known = [...beamlines.values()].map((beamline) => {
    const ours = site.beamlines.find(({ id }) => id === beamline.id);
    const words = [beamline.technique, ...(ours ? [ours.technique, ...ours.techniques] : [])];
    return { beamline, techniques: recognise(site.techniques, words) };
  });
  const there = new Set(known.flatMap((spot) => spot.techniques));
  // Measured, but none of the beamlines is known for it: it may have been any of them.
  const anywhere = recognise(site.techniques, techniques).filter((technique) => !there.has(technique));
  const spots: Spot[] = known.map((spot) => ({ ...spot, techniques: [...spot.techniques, ...anywhere] }));
  return spots.length > 0 ? spots : [{ beamline: null, techniques: anywhere }];
}

function allows({ beamlines, techniques }: ImageOffer, spot: Spot): boolean {
  const there = beamlines.length === 0 || (spot.beamline !== null && beamlines.includes(spot.beamline.id));
  return there && (techniques.length === 0 || spot.techniques.some(({ id }) => techniques.includes(id)));
}

function fitOf(
  { beamlines, techniques, image }: OfferedPlan,
  spots: Spot[],
): { level: number; reason: PlanOffer['for'] } | null {
  const at = spots.flatMap((spot) => {
    const fits = spot.techniques.filter(({ id }) => techniques.includes(id));
    const here = spot.beamline !== null && beamlines.includes(spot.beamline.id);
    const wrong = (beamlines.length > 0 && !here) || (techniques.length > 0 && fits.length === 0);
    return wrong || !allows(image, spot) || (!here && fits.length === 0) ? [] : [{ here: here ? spot.beamline : null, fits }];
  });
  if (at.length === 0) return null;
  const names = (all: readonly (Named | null)[]) => [...new Set(all.flatMap((one) => one?.name ?? []))];
  const reason = { techniques: names(at.flatMap(({ fits }) => fits)), beamlines: names(at.map(({ here }) => here)) };
  if (techniques.length === 0) return { level: 2, reason };
  return { level: beamlines.length > 0 ? 0 : 1, reason };
}
