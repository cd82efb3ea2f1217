import { z } from 'zod';
import { signInProvider } from './session';

/** By what a login is a person's: its first sign-in made the person, they added it themselves, or an administrator did. */
export const linkedBy = z.enum(['sign-in', 'person', 'administrator']).meta({ id: 'LinkedBy' });
export type LinkedBy = z.infer<typeof linkedBy>;

/** One of the ways in which a person signs in. */
export const signInWay = z
  .object({
    id: z.uuid(),
    /** Id of the provider; null: none of those that are set up. */
    provider: z.string().nullable(),
    /** What the provider is called, its issuer where it is not set up any more. */
    label: z.string(),
    kind: z.enum(['redirect', 'password']),
    /** The stable id there: what staff are told. */
    subject: z.string(),
    /** What the provider calls the person; null: never signed in this way. */
    name: z.string().nullable(),
    groups: z.array(z.string()),
    linkedBy,
    since: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    /** The present login session began with it: it cannot be removed in this one. */
    present: z.boolean(),
  })
  .meta({ id: 'SignInWay' });
export type SignInWay = z.infer<typeof signInWay>;

/** How a catalogue knows the person. */
export const catalogueAccountView = z
  .object({
    catalogue: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    /** `rule`: a rule of the site, by the way to sign in `wayId`; otherwise a word for who wrote it. */
    linkedBy: z.string(),
    wayId: z.uuid().nullable(),
    since: z.iso.datetime(),
    /** Accounts that other ways would give there, and that count for nothing beside this one. */
    unused: z.array(z.object({ name: z.string(), wayId: z.uuid() })),
  })
  .meta({ id: 'CatalogueAccount' });
export type CatalogueAccountView = z.infer<typeof catalogueAccountView>;

/** `GET /api/account`: one's own ways to sign in, and how the catalogues know one. */
export const accountView = z
  .object({
    ways: z.array(signInWay),
    catalogues: z.array(catalogueAccountView),
    /** Where another way may come from. */
    providers: z.array(signInProvider),
    /** Until then ways may be added and removed; null: only after signing in again. */
    changesUntil: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Account' });
export type AccountView = z.infer<typeof accountView>;

/** `POST /api/account/ways`: the browser goes to `redirect` and comes back to `/account?link=CODE`, see `linkOutcome`. */
export const newWay = z.strictObject({ provider: z.string().min(1).max(64) }).meta({ id: 'NewWay' });
export type NewWay = z.infer<typeof newWay>;

/** `POST /api/account/ways/removal` */
export const wayRemoval = z.strictObject({ id: z.uuid() }).meta({ id: 'WayRemoval' });
export type WayRemoval = z.infer<typeof wayRemoval>;

/**
 * What came of adding a way; also codes of errors.
 * - LINKED: it is the person's from now on
 * - LINK_ALREADY_YOURS: it was before
 * - LINK_OF_ANOTHER_PERSON: it is somebody else's, and nothing was changed
 * - LINK_OTHER_SESSION: begun in another login session than it came back to; nothing was changed
 * - LINK_TOO_MANY: the person has as many as one may have
 */
export const linkOutcome = z.enum([
  'LINKED',
  'LINK_ALREADY_YOURS',
  'LINK_OF_ANOTHER_PERSON',
  'LINK_OTHER_SESSION',
  'LINK_TOO_MANY',
]);
export type LinkOutcome = z.infer<typeof linkOutcome>;
