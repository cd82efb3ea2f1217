import { z } from 'zod';
import { beamlineId, line, paging, roleTerms, text } from './input';
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

/** A role of one's own that is over. */
export const endedRole = z
  .object({
    role,
    at: z.iso.datetime(),
    /** Who took it back, by name; null: nobody did, or their account is gone. */
    by: z.string().nullable(),
    /** Why, where somebody said so. */
    reason: z.string().nullable(),
    /** False: it ran out by its date, or what it rested on is gone. */
    takenBack: z.boolean(),
  })
  .meta({ id: 'EndedRole' });
export type EndedRole = z.infer<typeof endedRole>;

/** `GET /api/authorisation`: how the person who asks stands. */
export const ownAuthorisationView = z
  .object({
    authorisations: z.array(authorisationView),
    /** The last one; null: never asked. */
    request: authorisationRequestView.nullable(),
    /** The role that ended last, where none counts any longer; null: there never was one. */
    ended: endedRole.nullable(),
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
  ...paging,
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
      ...roleTerms,
      text: text(1, 2000).nullable(),
    }),
    z.strictObject({ decision: z.literal('refuse'), text: text(1, 2000) }),
  ])
  .meta({ id: 'AuthorisationDecision' });
export type RequestDecision = z.infer<typeof requestDecision>;
