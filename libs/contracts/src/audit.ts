import { z } from 'zod';
import { searchText } from './input';

/**
 * What is audited.
 * - `sign-in`, `sign-out`: a login session began or ended at the person's wish
 * - `role-granted`: a role, new or in place of one; `role-changed`: another end, or other beamlines; `role-ended`: taken back,
 *   or what it rested on is gone
 * - `identity-linked`, `identity-unlinked`: a login became another way in of a person, or is none any longer
 * - `catalogue-linked`: a person proved to have an account at a catalogue, by which it knows them from then on
 * - `local-account`: one was made, disabled, enabled, its password set or reset; `details` say which and what
 * - `request-made`, `request-withdrawn`, `request-granted`, `request-refused`: a request for authorisation
 * - `invitation-made`, `invitation-withdrawn`: about nobody, since nobody knows yet who accepts; `invitation-accepted`: about
 *   who did
 * - `desktop-launched`: about its owner; `details` say plan, image with its content's sum, data folders and how they are mounted.
 *   `desktop-stopped`, `desktop-deleted`: by its owner, by staff, or by the portal; `details` say why. `desktop-extended`: it lives longer, as
 *   its plan allows, by staff, or by a request; `desktop-message`: by staff
 * - `session-opened`: a person was connected to a desktop; about its owner
 * - `host-drained`, `host-undrained`: a host takes no more launches, or takes them again
 * - `announcement-made`, `announcement-changed`, `announcement-ended`: what administrators tell everybody, maintenance among it
 * - `quota-changed`: other limits of a person, or (about nobody) of a proposal, a beamline or the site, for a time; `quota-ended`: before
 *   their time, by hand
 * - `quota-request-made`, `quota-request-withdrawn`, `quota-request-granted`, `quota-request-refused`: a request for more quota or a
 *   longer life
 * - `image-made`, `image-changed`, `image-deleted`: a software image, with whom it is offered to; `image-version`: what was done with a
 *   version of one
 * - `flavour-changed`, `plan-changed`: one was made, changed or deleted; `details` say which and what
 */
export const auditKind = z
  .enum([
    'sign-in',
    'sign-out',
    'identity-linked',
    'identity-unlinked',
    'catalogue-linked',
    'local-account',
    'role-granted',
    'role-changed',
    'role-ended',
    'request-made',
    'request-withdrawn',
    'request-granted',
    'request-refused',
    'invitation-made',
    'invitation-withdrawn',
    'invitation-accepted',
    'quota-changed',
    'quota-ended',
    'quota-request-made',
    'quota-request-withdrawn',
    'quota-request-granted',
    'quota-request-refused',
    'desktop-launched',
    'desktop-stopped',
    'desktop-deleted',
    'desktop-extended',
    'desktop-message',
    'session-opened',
    'host-drained',
    'host-undrained',
    'announcement-made',
    'announcement-changed',
    'announcement-ended',
    'image-made',
    'image-changed',
    'image-deleted',
    'image-version',
    'flavour-changed',
    'plan-changed',
  ])
  .meta({ id: 'AuditKind' });
export type AuditKind = z.infer<typeof auditKind>;

/** Somebody as the audit shows them; name null: the account is gone. */
export const auditPerson = z.object({ id: z.uuid(), name: z.string().nullable() }).meta({ id: 'AuditPerson' });
export type AuditPerson = z.infer<typeof auditPerson>;

export const auditEntryView = z
  .object({
    /** Rises with every entry; a decimal number too large for a JSON number. */
    id: z.string(),
    at: z.iso.datetime(),
    kind: auditKind,
    /** Who did it; null: the portal itself. */
    actor: auditPerson.nullable(),
    /** Whom it is about; null: nobody in particular. */
    subject: auditPerson.nullable(),
    details: z.record(z.string(), z.json()),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.infer<typeof auditEntryView>;

/** `GET /api/audit`: newest first; `next` goes back as `before`, null: nothing older. */
export const auditPage = z
  .object({ items: z.array(auditEntryView), next: z.string().nullable() })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof auditPage>;

const filters = {
  kind: auditKind.optional(),
  /** Who did it, or whom it is about. */
  person: z.uuid().optional(),
  /** From (included) to (excluded). */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Looked for in kind, names and details. */
  q: searchText,
};

/** `GET /api/audit/export`: all that is picked out, newest first, as a file of lines. */
export const auditExportQuery = z
  .strictObject({ ...filters, format: z.enum(['csv', 'jsonl']) })
  .meta({ id: 'AuditExportQuery' });
export type AuditExportQuery = z.infer<typeof auditExportQuery>;

/** Of `GET /api/audit`. */
export const auditQuery = z
  .strictObject({
    before: z
      .string()
      .regex(/^[1-9]\d{0,17}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    ...filters,
  })
  .meta({ id: 'AuditQuery' });
export type AuditQuery = z.infer<typeof auditQuery>;
