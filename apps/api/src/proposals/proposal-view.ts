import type { DatasetRecord, Proposal } from '@beamdesk/catalogue';
import type { DatasetView, InstanceView, LaunchView, ProposalDetail, ProposalView } from '@beamdesk/contracts';
import { type PlanSnapshot, planView } from '../instances/plan-snapshot';
import type { PlanOffer } from '../plans/offer';

/** What a row of the page shows beside what the catalogue says. */
export interface ProposalExtras {
  /** The person's own in the team. */
  myRoles: string[];
  favourite: boolean;
  /** That its desktops count for. */
  beamlineId: string | null;
  desktop: InstanceView | null;
  plan: PlanSnapshot | null;
  launch: LaunchView | null;
  offers: { offer: PlanOffer; launch: LaunchView | null }[];
}

export function proposalView(
  proposal: Proposal,
  { myRoles, favourite, beamlineId, desktop, plan, launch, offers }: ProposalExtras,
): ProposalView {
  const { key, name, title, abstract, visits } = proposal;
  const beamlines = new Map(visits.map(({ beamline }) => [beamline.id, { ...beamline }]));
  return {
    key,
    name,
    title,
    abstract,
    beamlines: [...beamlines.values()],
    beamlineId,
    visits: visits.map(({ id, beamline, start, end }) => ({
      id,
      beamline: { ...beamline },
      start: start?.toISOString() ?? null,
      end: end?.toISOString() ?? null,
    })),
    myRoles,
    favourite,
    desktop,
    plan: plan && planView(plan),
    launch,
    offers: offers.map(({ offer, launch: expected }) => ({
      plan: planView(offer.plan),
      for: offer.for,
      launch: expected,
      unavailable: offer.unavailable,
    })),
  };
}

/** Names and roles of the team; account names stay inside. */
export function teamView(proposal: Proposal): ProposalDetail['team'] {
  return proposal.team.map(({ name, affiliation, roles }) => ({ name, affiliation, roles: [...roles] }));
}

export function datasetView({ createdAt, ...dataset }: DatasetRecord): DatasetView {
  const { id, name, sizeBytes, fileCount, sample, technique, availability } = dataset;
  const taken = createdAt?.toISOString() ?? null;
  return { id, name, createdAt: taken, sizeBytes, fileCount, sample, technique, availability };
}
