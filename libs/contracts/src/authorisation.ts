import { z } from 'zod';
import { role } from './session';

/** What a role rests on: proposals in a catalogue, an invitation, or a decision of the staff. */
export const authorisationSource = z.enum(['catalogue', 'invitation', 'decision']).meta({ id: 'AuthorisationSource' });
export type AuthorisationSource = z.infer<typeof authorisationSource>;

/** A role somebody holds at this moment. */
export const authorisationView = z
  .object({
    id: z.uuid(),
    role,
    source: authorisationSource,
    /** Who granted it, by name; null: the portal itself, or somebody whose account is gone. */
    by: z.string().nullable(),
    reason: z.string(),
    since: z.iso.datetime(),
    /** Null: until it is taken back. */
    until: z.iso.datetime().nullable(),
    /** Of STAFF: ids of beamlines; null: all of them. */
    beamlines: z.array(z.string()).nullable(),
  })
  .meta({ id: 'Authorisation' });
export type AuthorisationView = z.infer<typeof authorisationView>;

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0\r\n]*$/, 'must be one line');
const text = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(/^[^\0]*$/, 'must be text');
const beamlineId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the id of a beamline');

/** `PUT /api/authorisation/request`: asks to be let in, or changes what was asked. */
export const authorisationWish = z
  .strictObject({
    /** Where the person works. */
    affiliation: line(200),
    reason: text(10, 2000),
    /** As the person writes it; nothing is looked up by it. */
    proposal: line(200).nullable(),
    beamline: beamlineId.nullable(),
  })
  .meta({ id: 'AuthorisationWish' });
export type AuthorisationWish = z.infer<typeof authorisationWish>;

export const requestState = z
  .enum(['open', 'granted', 'refused', 'withdrawn'])
  .meta({ id: 'AuthorisationRequestState' });
export type RequestState = z.infer<typeof requestState>;

export const authorisationRequestView = z
  .object({
    id: z.uuid(),
    state: requestState,
    askedAt: z.iso.datetime(),
    affiliation: z.string(),
    reason: z.string(),
    proposal: z.string().nullable(),
    beamline: z.string().nullable(),
    decidedAt: z.iso.datetime().nullable(),
    /** What the staff say to the person. */
    answer: z.string().nullable(),
  })
  .meta({ id: 'AuthorisationRequest' });
export type AuthorisationRequestView = z.infer<typeof authorisationRequestView>;

const beamlineName = z.object({ id: z.string(), name: z.string() });

/** `GET /api/authorisation`: how the person who asks stands. */
export const ownAuthorisationView = z
  .object({
    authorisations: z.array(authorisationView),
    /** The last one; null: never asked. */
    request: authorisationRequestView.nullable(),
    /** That may be named in a request. */
    beamlines: z.array(beamlineName),
  })
  .meta({ id: 'OwnAuthorisation' });
export type OwnAuthorisationView = z.infer<typeof ownAuthorisationView>;

/** A request as those who decide it see it. */
export const requestForStaff = z
  .object({
    ...authorisationRequestView.shape,
    /** Name and mail are what the provider says of the login: they prove nothing. */
    person: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }),
    /** The logins of the person; that is what is let in. */
    logins: z.array(z.object({ issuer: z.string(), subject: z.string() })),
    /** Name; null: nobody yet, the portal itself, or somebody whose account is gone. */
    decidedBy: z.string().nullable(),
  })
  .meta({ id: 'AuthorisationRequestForStaff' });
export type RequestForStaff = z.infer<typeof requestForStaff>;

/** `GET /api/authorisation-requests`. open: oldest first; decided: latest decision first. */
export const requestsQuery = z.strictObject({
  state: z.enum(['open', 'decided']).default('open'),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type RequestsQuery = z.infer<typeof requestsQuery>;

export const requestsPage = z
  .object({
    items: z.array(requestForStaff),
    total: z.int().nonnegative(),
    /** What the one who asks may grant. */
    roles: z.array(role),
    beamlines: z.array(beamlineName),
  })
  .meta({ id: 'AuthorisationRequestsPage' });
export type RequestsPage = z.infer<typeof requestsPage>;

/** `POST /api/authorisation-requests/:id/decision` */
export const requestDecision = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('grant'),
      role,
      /** In the future; null: until it is taken back. */
      until: z.iso.datetime({ offset: true }).nullable(),
      /** Only of STAFF; null: all of them. */
      beamlines: z.array(beamlineId).min(1).max(200).nullable(),
      text: text(1, 2000).nullable(),
    }),
    z.strictObject({ decision: z.literal('refuse'), text: text(1, 2000) }),
  ])
  .meta({ id: 'AuthorisationDecision' });
export type RequestDecision = z.infer<typeof requestDecision>;

/** Somebody who is let in, with what lets them in. */
export const authorisedPerson = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().nullable(),
    authorisations: z.array(authorisationView),
  })
  .meta({ id: 'AuthorisedPerson' });
export type AuthorisedPerson = z.infer<typeof authorisedPerson>;

/** `GET /api/authorisations` */
export const authorisationsQuery = z.strictObject({
  search: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/)
    .default(''),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type AuthorisationsQuery = z.infer<typeof authorisationsQuery>;

/** By name; `total`: matches in all. */
export const authorisationsPage = z
  .object({ items: z.array(authorisedPerson), total: z.int().nonnegative() })
  .meta({ id: 'AuthorisationsPage' });
export type AuthorisationsPage = z.infer<typeof authorisationsPage>;
