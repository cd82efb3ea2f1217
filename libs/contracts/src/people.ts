import { z } from 'zod';
import { authorisationView } from './authorisation';
import { paging, roleTerms, searchText, text } from './input';
import { role } from './session';

/** How a role stands: it counts; it ran out by its date, or what it rested on is gone; it was taken back. */
export const heldRoleState = z.enum(['current', 'ended', 'taken-back']).meta({ id: 'HeldRoleState' });
export type HeldRoleState = z.infer<typeof heldRoleState>;

/** A role somebody holds or held; `until` of one that is over: when it ended. */
export const heldRole = z
  .object({
    ...authorisationView.shape,
    state: heldRoleState,
    /** Why it was taken back, and by whom, by name; null: it was not, or nobody said. */
    endReason: z.string().nullable(),
    endedBy: z.string().nullable(),
    /** Whether the one who asks may change its end, and take it back. */
    mayChange: z.boolean(),
    mayEnd: z.boolean(),
  })
  .meta({ id: 'HeldRole' });
export type HeldRole = z.infer<typeof heldRole>;

/** Somebody with a login, as staff see them. */
export const personForStaff = z
  .object({
    id: z.uuid(),
    /** Name and mail are what the provider says of the login: they prove nothing. */
    name: z.string(),
    email: z.string().nullable(),
    logins: z.array(z.object({ issuer: z.string(), subject: z.string() })),
    /** Null: never. */
    lastSignInAt: z.iso.datetime().nullable(),
    roles: z.array(heldRole),
    /** Whether the one who asks may grant them something: nobody does themselves. */
    mayGrant: z.boolean(),
  })
  .meta({ id: 'PersonForStaff' });
export type PersonForStaff = z.infer<typeof personForStaff>;

/** `GET /api/people`. authorised: with a role that counts; ended: with roles, none of which does; all: with a login. */
export const peopleQuery = z.strictObject({
  show: z.enum(['authorised', 'ended', 'all']).default('authorised'),
  search: searchText,
  ...paging,
});
export type PeopleQuery = z.infer<typeof peopleQuery>;

/** By name; `total`: matches in all. */
export const peoplePage = z
  .object({
    items: z.array(personForStaff),
    total: z.int().nonnegative(),
    /** What the one who asks may grant. */
    roles: z.array(role),
    beamlines: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'PeoplePage' });
export type PeoplePage = z.infer<typeof peoplePage>;

/** `POST /api/people/:id/roles` */
export const roleGrant = z.strictObject({ role, ...roleTerms, reason: text(3, 2000) }).meta({ id: 'RoleGrant' });
export type RoleGrant = z.infer<typeof roleGrant>;

/** `PUT /api/authorisations/:id`: another end, and of STAFF other beamlines. */
export const roleChange = z.strictObject({ ...roleTerms, reason: text(3, 2000) }).meta({ id: 'RoleChange' });
export type RoleChange = z.infer<typeof roleChange>;

/** `POST /api/authorisations/:id/end` */
export const roleEnd = z
  .strictObject({
    /** The person reads it. */
    reason: text(3, 2000),
  })
  .meta({ id: 'RoleEnd' });
export type RoleEnd = z.infer<typeof roleEnd>;

/** `GET /api/people/:id/history`: `before` as `next` of the page before. */
export const historyQuery = z.strictObject({
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type HistoryQuery = z.infer<typeof historyQuery>;
