import { z } from 'zod';

/** A catalogue that answers people with their own account there, and how this person stands in it. */
export const catalogueSignInView = z
  .object({
    /** Its id, as in proposal keys. */
    catalogue: z.string(),
    /** User name there, while a session of theirs is kept; null: they have to sign in. */
    signedInAs: z.string().nullable(),
    /** Ways to sign in there, as the catalogue names them; null: it does not answer at the moment. */
    authenticators: z
      .array(
        z.object({
          id: z.string(),
          label: z.string(),
          /** `hidden`: not to be shown while it is typed. */
          fields: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
        }),
      )
      .nullable(),
  })
  .meta({ id: 'CatalogueSignIn' });
export type CatalogueSignInView = z.infer<typeof catalogueSignInView>;

/** `GET /api/catalogue-sessions`; empty where no catalogue asks for it. */
export const catalogueSignInsView = z
  .object({ catalogues: z.array(catalogueSignInView) })
  .meta({ id: 'CatalogueSignIns' });
export type CatalogueSignInsView = z.infer<typeof catalogueSignInsView>;

/** `POST /api/catalogue-sessions`: what the person types is passed on once and never kept. */
export const catalogueSignInOrder = z
  .strictObject({
    catalogue: z.string().min(1).max(64),
    authenticator: z.string().min(1).max(100),
    /** By the names of the authenticator's fields, all of them. */
    fields: z.record(z.string().min(1).max(100), z.string().min(1).max(8000)),
  })
  .meta({ id: 'CatalogueSignInOrder' });
export type CatalogueSignInOrder = z.infer<typeof catalogueSignInOrder>;

/** `POST /api/catalogue-sessions/end` */
export const catalogueSignOutOrder = z
  .strictObject({ catalogue: z.string().min(1).max(64) })
  .meta({ id: 'CatalogueSignOutOrder' });
export type CatalogueSignOutOrder = z.infer<typeof catalogueSignOutOrder>;
