import { z } from 'zod';

/** `GET /api/home`: one's own home folder, the same in all of one's desktops. `home` null: this portal keeps none. */
export const homeView = z
  .object({
    home: z
      .object({
        limitMib: z.int().positive(),
        /** MiB, rounded up, when it was last measured; null: no desktop had it yet. */
        usedMib: z.int().nonnegative().nullable(),
        measuredAt: z.iso.datetime().nullable(),
        /** Nothing new can be kept until something is deleted. */
        full: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'Home' });
export type HomeView = z.infer<typeof homeView>;
