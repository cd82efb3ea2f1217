import { z } from 'zod';

/** Text of one line, trimmed; `max` in characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0\r\n]*$/, 'must be one line');

/** Text of any lines, trimmed; `min` and `max` in characters. */
export const text = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(/^[^\0]*$/, 'must be text');

export const beamlineId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the id of a beamline');

/** A role to be granted: until when, and of which beamlines. */
export const roleTerms = {
  /** In the future; null: until it is taken back. */
  until: z.iso.datetime({ offset: true }).nullable(),
  /** Only of STAFF; null: all of them. */
  beamlines: z.array(beamlineId).min(1).max(200).nullable(),
};

/** Of lists that are asked for page by page. */
export const paging = {
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};

/** What is looked for; '': everything. */
export const searchText = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/)
  .default('');

/** Text of a script or of user data: at most 64 KiB. */
export const scriptText = z
  .string()
  .max(64 * 1024)
  .refine((script) => script.trim() !== '', 'is empty')
  .refine((script) => !script.includes('\0'), 'holds a NUL: a script is text')
  .refine((script) => new TextEncoder().encode(script).length <= 64 * 1024, 'is larger than 64 KiB');

/** XKB: a layout, and one of its variants in brackets. */
export const keyboardLayout = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,30}(\([A-Za-z0-9_-]{1,40}\))?$/, 'must be an XKB layout such as de or ch(fr)');
