import { z } from 'zod';

/**
 * Body of every 4xx and 5xx answer of the api. `code` is stable and machine readable (SCREAMING_SNAKE_CASE);
 * `message` says to a person what happened, why, and what to do; `details` depends on the code.
 */
export const errorBody = z
  .object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'ErrorBody' });
export type ErrorBody = z.infer<typeof errorBody>;
