import { z } from 'zod';
import { instanceView, launchView, planView } from './instance';
import { quotaView } from './quota';

export const beamlineView = z
  .object({ id: z.string(), name: z.string(), technique: z.string() })
  .meta({ id: 'Beamline' });
export type BeamlineView = z.infer<typeof beamlineView>;

export const visitView = z
  .object({
    id: z.string(),
    beamline: beamlineView,
    start: z.iso.datetime().nullable(),
    end: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Visit' });
export type VisitView = z.infer<typeof visitView>;

/** A plan as it is offered to one proposal. */
export const planOffer = z
  .object({
    plan: planView,
    /** Names of what made it fit: "for diffraction at ID11". At least one of the lists holds something. */
    for: z.object({ techniques: z.array(z.string()), beamlines: z.array(z.string()) }),
    /** What a click would do now; null where nothing is known yet. */
    launch: launchView.nullable(),
    /** Why it can't be started now, a sentence for the user; null: as far as the site goes, it can. */
    unavailable: z.string().nullable(),
  })
  .meta({ id: 'PlanOffer' });
export type PlanOffer = z.infer<typeof planOffer>;

/** One row of the Proposals page: carries its desktop and plan, so that one GET draws every button. */
export const proposalView = z
  .object({
    key: z.string(),
    name: z.string(),
    title: z.string(),
    abstract: z.string(),
    beamlines: z.array(beamlineView),
    /** The beamline that its desktops count for; null: none that the site knows. */
    beamlineId: z.string().nullable(),
    visits: z.array(visitView),
    myRoles: z.array(z.string()),
    favourite: z.boolean(),
    desktop: instanceView.nullable(),
    /** The plan one click starts; null: nothing is offered that can be started now. */
    plan: planView.nullable(),
    /** What a click would do now; null where no plan is offered or nothing is known yet. */
    launch: launchView.nullable(),
    /** Every plan that is offered here, best first; the first is `plan`, unless it is unavailable. */
    offers: z.array(planOffer),
  })
  .meta({ id: 'Proposal' });
export type ProposalView = z.infer<typeof proposalView>;

export const proposalSort = z.enum(['recent', 'name', 'title', 'favourites']);
export type ProposalSort = z.infer<typeof proposalSort>;

export const proposalsQuery = z.strictObject({
  search: z.string().max(200).default(''),
  sort: proposalSort.default('recent'),
  favourites: z.enum(['true', 'false']).default('false'),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type ProposalsQuery = z.infer<typeof proposalsQuery>;

export const proposalsPage = z
  .object({
    items: z.array(proposalView),
    total: z.int().nonnegative(),
    offset: z.int().nonnegative(),
    limit: z.int().positive(),
    quota: quotaView,
    /** When the catalogues said what the page shows; of several the oldest answer. Null: there is nothing they could show. */
    observedAt: z.iso.datetime().nullable(),
    /** Ids of catalogues that do not answer: their proposals are as last seen. Absent: none. */
    unavailable: z.array(z.string()).optional(),
    /** Those of them that never answered: their proposals are missing here. Absent: none. */
    missing: z.array(z.string()).optional(),
    /** Ids of catalogues that show more once the person signs in there with their own account. Absent: none. */
    signIn: z.array(z.string()).optional(),
  })
  .meta({ id: 'ProposalsPage' });
export type ProposalsPage = z.infer<typeof proposalsPage>;

/** online: desktops can read it. archived: only after a restore. unknown: the catalogue does not say. */
export const availability = z.enum(['online', 'restoring', 'archived', 'unknown']);
export type Availability = z.infer<typeof availability>;

export const datasetView = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: z.iso.datetime().nullable(),
    sizeBytes: z.int().nonnegative().nullable(),
    fileCount: z.int().nonnegative().nullable(),
    sample: z.string().nullable(),
    technique: z.string().nullable(),
    availability,
  })
  .meta({ id: 'Dataset' });
export type DatasetView = z.infer<typeof datasetView>;

/** `GET /api/proposals/:key`: the row, and what only its own page shows. */
export const proposalDetail = proposalView
  .extend({
    team: z.array(z.object({ name: z.string(), affiliation: z.string().nullable(), roles: z.array(z.string()) })),
    datasets: z.array(datasetView),
    /** The catalogue has more of them than are listed here. */
    moreDatasets: z.boolean(),
    quota: quotaView,
  })
  .meta({ id: 'ProposalDetail' });
export type ProposalDetail = z.infer<typeof proposalDetail>;

/** `POST /api/proposals/:key/restores`: ids of archived datasets that shall be brought back. */
export const restoreOrder = z.strictObject({ datasets: z.array(z.string().min(1).max(500)).max(100).default([]) });
export type RestoreOrder = z.infer<typeof restoreOrder>;

/** How a restore stands. failed: the archive gave up; asking again is a new one. */
export const restoreView = z
  .object({
    id: z.string(),
    datasets: z.array(z.string()),
    state: z.enum(['requested', 'running', 'done', 'failed']),
  })
  .meta({ id: 'Restore' });
export type RestoreView = z.infer<typeof restoreView>;
