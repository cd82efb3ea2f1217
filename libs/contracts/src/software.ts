import { z } from 'zod';
import { searchText } from './input';

export const softwareQuery = z.strictObject({ q: searchText }).meta({ id: 'SoftwareQuery' });
export type SoftwareQuery = z.infer<typeof softwareQuery>;

/** One piece of software as images that are offered to this person hold it. */
export const softwareView = z
  .object({
    name: z.string(),
    /** Different ones that images hold, newest first. */
    versions: z.array(z.string()),
    plans: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        image: z.string(),
        version: z.string().nullable(),
        /** Names of where it is offered; both empty: everywhere. */
        beamlines: z.array(z.string()),
        techniques: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'SoftwareHeld' });
export type SoftwareView = z.infer<typeof softwareView>;

/** `GET /api/software?q=`: by name; at most 500. */
export const softwarePage = z
  .object({ items: z.array(softwareView), more: z.boolean() })
  .meta({ id: 'SoftwarePage' });
export type SoftwarePage = z.infer<typeof softwarePage>;
