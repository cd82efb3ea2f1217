import { z } from 'zod';
import { paging, searchText, text } from './input';

const amount = z.int().nonnegative();
const limit = amount.nullable();

/** Amounts of what a desktop takes. Memory and storage in MiB; all integers. */
export const resourcesView = z
  .object({ machines: amount, vcpus: amount, memoryMib: amount, storageMib: amount, gpus: amount })
  .meta({ id: 'Resources' });
export type ResourcesView = z.infer<typeof resourcesView>;

export const resourceName = z.enum(['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus']);
export type ResourceName = z.infer<typeof resourceName>;

/** With what is used over a period: vCPUs × minutes and GPUs × minutes (pages show hours). */
export const amountsView = resourcesView.extend({ vcpuMinutes: amount, gpuMinutes: amount }).meta({ id: 'Amounts' });
export type AmountsView = z.infer<typeof amountsView>;

export const amountName = z.enum([...resourceName.options, 'vcpuMinutes', 'gpuMinutes']).meta({ id: 'AmountName' });
export type AmountName = z.infer<typeof amountName>;

/** Null: no limit; of an override: the limit stays as it is. */
export const limitsView = z
  .object({
    ...{ machines: limit, vcpus: limit, memoryMib: limit, storageMib: limit, gpus: limit },
    ...{ vcpuMinutes: limit, gpuMinutes: limit },
  })
  .meta({ id: 'Limits' });
export type LimitsView = z.infer<typeof limitsView>;

export const quotaSubjectKind = z.enum(['user', 'proposal', 'beamline', 'site']).meta({ id: 'QuotaSubjectKind' });
export type QuotaSubjectKind = z.infer<typeof quotaSubjectKind>;

/** Whose limits: a person, everybody of a proposal, everybody who counts for a beamline, or all together (id `site`). */
export const quotaSubject = z
  .object({ kind: quotaSubjectKind, id: z.string(), name: z.string() })
  .meta({ id: 'QuotaSubject' });
export type QuotaSubject = z.infer<typeof quotaSubject>;

/** One limit that stands in the way. `explained`: "4 of 10 vCPUs: 2 here, 2 in proposal 20260301". */
export const shortfallView = z
  .object({
    resource: amountName,
    requested: amount,
    available: amount,
    missing: amount,
    /** Absent: the person. */
    subject: quotaSubject.optional(),
    explained: z.string().optional(),
  })
  .meta({ id: 'Shortfall' });
export type ShortfallView = z.infer<typeof shortfallView>;

/** Other limits for a time. */
export const quotaOverride = z
  .object({
    id: z.uuid(),
    amounts: limitsView,
    /** Who is affected reads it. */
    reason: z.string(),
    startsAt: z.iso.datetime(),
    /** Null: until somebody ends it. */
    endsAt: z.iso.datetime().nullable(),
    state: z.enum(['coming', 'in-force', 'ended']),
    /** What of it counts now: for the rest a newer one does. */
    counts: z.array(amountName),
  })
  .meta({ id: 'QuotaOverride' });
export type QuotaOverrideView = z.infer<typeof quotaOverride>;

/**
 * How one subject stands. `usage` of minutes: those of the period so far, and those that what runs may still use. `available` =
 * limits − usage, never below 0. `explained`: a sentence for each amount that is limited or used.
 */
export const subjectQuota = z
  .object({
    subject: quotaSubject,
    limits: limitsView,
    /** Without overrides. */
    defaults: limitsView,
    usage: amountsView,
    available: limitsView,
    overrides: z.array(quotaOverride),
    /** Of the person who asks, by proposal. */
    holdings: z.array(z.object({ proposalKey: z.string(), proposalName: z.string(), amounts: resourcesView })),
    explained: z.partialRecord(amountName, z.string()),
  })
  .meta({ id: 'SubjectQuota' });
export type SubjectQuota = z.infer<typeof subjectQuota>;

/** `GET /api/quota`. `available` = limits − usage, never below 0; computed, never stored. */
export const quotaView = z
  .object({
    /** The person's own. */
    limits: resourcesView,
    usage: resourcesView,
    available: resourcesView,
    /** What the default limits of this person's role are, to tell an override apart. */
    defaults: resourcesView,
    /** The person first; then what else limits desktops of theirs. A proposal or beamline that is not among them: see `shared`. */
    subjects: z.array(subjectQuota),
    /** Limits of every proposal and of every beamline that nobody uses and no override names. */
    shared: z.object({ proposal: limitsView, beamline: limitsView }),
    /** Minutes are counted over so many days. */
    periodDays: z.int().positive(),
  })
  .meta({ id: 'Quota' });
export type QuotaView = z.infer<typeof quotaView>;

/** `GET /api/quotas`: who has limits, what is used of them; `kind` `site` only for administrators. */
export const quotasQuery = z.strictObject({ kind: quotaSubjectKind.default('user'), q: searchText, ...paging });
export type QuotasQuery = z.infer<typeof quotasQuery>;

export const quotasPage = z
  .object({ items: z.array(subjectQuota), total: z.int().nonnegative(), periodDays: z.int().positive() })
  .meta({ id: 'QuotasPage' });
export type QuotasPage = z.infer<typeof quotasPage>;

/** With who made it and who ended it, by name; null: nobody, or their account is gone. */
export const staffOverride = quotaOverride
  .extend({
    author: z.string().nullable(),
    madeAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'StaffOverride' });
export type StaffOverride = z.infer<typeof staffOverride>;

/** `GET /api/quotas/:kind/:id` */
export const subjectDetail = z
  .object({
    ...subjectQuota.omit({ overrides: true }).shape,
    /** Newest first, ended ones too. */
    overrides: z.array(staffOverride),
    /** Live desktops that count for it and that the one who asks may see; `others`: how many more there are. */
    desktops: z.array(
      z.object({
        ...{ id: z.uuid(), owner: z.string(), proposalName: z.string(), plan: z.string(), state: z.string() },
        amounts: resourcesView,
      }),
    ),
    others: z.int().nonnegative(),
    periodDays: z.int().positive(),
  })
  .meta({ id: 'SubjectDetail' });
export type SubjectDetail = z.infer<typeof subjectDetail>;

const moment = z.iso.datetime({ offset: true });
const wished = z.int().nonnegative().max(2_000_000_000).nullable().default(null);

/** `POST /api/quotas/:kind/:id/overrides`; amounts as `Limits`, at least one. */
export const overrideOrder = z
  .strictObject({
    amounts: z
      .strictObject({
        ...{ machines: wished, vcpus: wished, memoryMib: wished, storageMib: wished, gpus: wished },
        ...{ vcpuMinutes: wished, gpuMinutes: wished },
      })
      .refine((amounts) => Object.values(amounts).some((one) => one !== null), 'must set at least one limit'),
    reason: text(3, 2000),
    /** Null: now. */
    startsAt: moment.nullable().default(null),
    /** Null: until somebody ends it. */
    endsAt: moment.nullable().default(null),
  })
  .meta({ id: 'OverrideOrder' });
export type OverrideOrder = z.infer<typeof overrideOrder>;
