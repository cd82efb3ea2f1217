import { z } from 'zod';

export const role = z.enum(['USER', 'STAFF', 'ADMIN', 'SUPPORT']).meta({ id: 'Role' });
export type Role = z.infer<typeof role>;

/**
 * A way in. `redirect`: leaves for the provider by `GET /api/auth/sign-in`; `password`: a form of ours, see
 * `passwordSignIn`.
 */
export const signInProvider = z
  .object({ id: z.string(), label: z.string(), kind: z.enum(['redirect', 'password']) })
  .meta({ id: 'SignInProvider' });
export type SignInProvider = z.infer<typeof signInProvider>;

/**
 * Body of `POST /api/auth/password`, answered 204. `provider` is the id of a `SignInProvider` of the kind `password`;
 * without it the local accounts are meant. Only there `newPassword` takes the place of `password`; needed where that
 * was given for one use (409 PASSWORD_CHANGE_NEEDED without it).
 */
export const passwordSignIn = z
  .strictObject({
    provider: z.string().min(1).max(32).optional(),
    name: z.string().min(1).max(200),
    password: z.string().min(1).max(1024),
    newPassword: z.string().min(1).max(1024).optional(),
  })
  .meta({ id: 'PasswordSignIn' });
export type PasswordSignIn = z.infer<typeof passwordSignIn>;

/**
 * Who is looking at the page, `GET /api/session` (always 200). `csrfToken` goes back in the header `X-CSRF-Token`
 * with every request that changes something. `authorised` false: signed in, but let into nothing.
 */
export const loginSessionView = z
  .object({
    user: z
      .object({ id: z.uuid(), name: z.string(), email: z.string().nullable(), roles: z.array(role) })
      .nullable(),
    authorised: z.boolean(),
    conditions: z.object({ version: z.string(), accepted: z.boolean() }),
    csrfToken: z.string(),
    providers: z.array(signInProvider),
    /** True where the demo identities run: the welcome page then lists the demo accounts. */
    demo: z.boolean(),
    facility: z.object({ name: z.string(), contact: z.string() }),
    /** ISO 8601; the login session ends then at the latest. */
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LoginSession' });
export type LoginSessionView = z.infer<typeof loginSessionView>;

export const conditionsView = z
  .object({ version: z.string(), text: z.string(), publishedAt: z.iso.datetime() })
  .meta({ id: 'Conditions' });
export type ConditionsView = z.infer<typeof conditionsView>;

export const acceptConditions = z.strictObject({ version: z.string().min(1).max(64) }).meta({ id: 'AcceptConditions' });
export type AcceptConditions = z.infer<typeof acceptConditions>;
