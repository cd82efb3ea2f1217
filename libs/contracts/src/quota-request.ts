import { z } from 'zod';
import { paging, text } from './input';
import { amountName } from './quota';

/** `QUOTA`: higher limits for a time; `LIFE`: a desktop goes on longer. */
export const quotaRequestKind = z.enum(['QUOTA', 'LIFE']).meta({ id: 'QuotaRequestKind' });
export type QuotaRequestKind = z.infer<typeof quotaRequestKind>;

export const quotaRequestState = z
  .enum(['OPEN', 'GRANTED', 'REFUSED', 'WITHDRAWN'])
  .meta({ id: 'QuotaRequestState' });
export type QuotaRequestState = z.infer<typeof quotaRequestState>;

const wantedAmount = z.int().min(1).max(1_000_000_000);

/** Limits that are to hold in place of those in force, only of what is to change. Memory and storage in MiB, hours in minutes. */
export const requestedAmounts = z
  .partialRecord(amountName, wantedAmount)
  .refine((amounts) => Object.keys(amounts).length > 0, 'must name an amount')
  .meta({ id: 'RequestedAmounts' });
export type RequestedAmounts = z.infer<typeof requestedAmounts>;

const moment = z.iso.datetime({ offset: true });
const reason = text(3, 2000);

/** The longest time that higher limits can be asked for, in days from now. */
export const QUOTA_REQUEST_MAX_DAYS = 366;
/** The longest that a desktop can be asked to go on, in days from now. */
export const LIFE_REQUEST_MAX_DAYS = 31;

/** `POST /api/quota-requests`. `proposal`: for everybody's desktops of it; null: for one's own, whatever the proposal. */
export const quotaRequestWish = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('QUOTA'),
      proposal: z.string().min(1).max(400).nullable(),
      amounts: requestedAmounts,
      until: moment,
      reason,
    }),
    z.strictObject({ kind: z.literal('LIFE'), instance: z.uuid(), until: moment, reason }),
  ])
  .meta({ id: 'QuotaRequestWish' });
export type QuotaRequestWish = z.infer<typeof quotaRequestWish>;

export const quotaRequestView = z
  .object({
    id: z.uuid(),
    kind: quotaRequestKind,
    state: quotaRequestState,
    /** The proposal it is for, or that the desktop belongs to; null: one's own quota. */
    proposal: z.object({ key: z.string(), name: z.string() }).nullable(),
    /** Of LIFE; null when its record is gone. */
    instanceId: z.uuid().nullable(),
    /** Of QUOTA. */
    wanted: requestedAmounts.nullable(),
    wantedUntil: z.iso.datetime(),
    reason: z.string(),
    askedAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
    /** What the staff say to the person. */
    answer: z.string().nullable(),
    /** In full or in part; null where nothing was granted, and of LIFE. */
    granted: requestedAmounts.nullable(),
    grantedUntil: z.iso.datetime().nullable(),
  })
  .meta({ id: 'QuotaRequest' });
export type QuotaRequestView = z.infer<typeof quotaRequestView>;

/** `GET /api/quota-requests`: one's own, newest first, open ones before the others. */
export const ownQuotaRequests = z.array(quotaRequestView);

/** A limit in force (null: none) and what is held of it, as it is now. */
export const standingLine = z.object({ name: amountName, limit: z.int().nonnegative().nullable(), used: z.int().nonnegative() });
export type StandingLine = z.infer<typeof standingLine>;

/** A request as those see it who decide. */
export const quotaRequestForStaff = z
  .object({
    ...quotaRequestView.shape,
    person: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }),
    /** Of open ones: what is held and may be held now by the subject it is for. */
    standing: z.array(standingLine),
    /** Of LIFE: when the desktop ends now, and whether it still runs; null: not LIFE, or nothing is left of it. */
    desktop: z.object({ running: z.boolean(), expiresAt: z.iso.datetime().nullable(), plan: z.string() }).nullable(),
    /** Name; null: nobody, or somebody whose account is gone. */
    decidedBy: z.string().nullable(),
    /** One's own: somebody else has to decide it. */
    own: z.boolean(),
  })
  .meta({ id: 'QuotaRequestForStaff' });
export type QuotaRequestForStaff = z.infer<typeof quotaRequestForStaff>;

/** `GET /api/quota-requests/for-staff`. open: oldest first; decided: latest decision first. */
export const quotaRequestsQuery = z.strictObject({ state: z.enum(['open', 'decided']).default('open'), ...paging });
export type QuotaRequestsQuery = z.infer<typeof quotaRequestsQuery>;

export const quotaRequestsPage = z
  .object({ items: z.array(quotaRequestForStaff), total: z.int().nonnegative() })
  .meta({ id: 'QuotaRequestsPage' });
export type QuotaRequestsPage = z.infer<typeof quotaRequestsPage>;

/**
 * `POST /api/quota-requests/:id/decision`. Granted in part: other amounts, fewer of them, or another end than what was asked for.
 * `amounts` of QUOTA alone; null: as asked for.
 */
export const quotaRequestDecision = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('grant'),
      amounts: requestedAmounts.nullable(),
      until: moment,
      text: text(1, 2000).nullable(),
    }),
    z.strictObject({ decision: z.literal('refuse'), text: text(1, 2000) }),
  ])
  .meta({ id: 'QuotaRequestDecision' });
export type QuotaRequestDecision = z.infer<typeof quotaRequestDecision>;
