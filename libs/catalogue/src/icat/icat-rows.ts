import { z } from 'zod';

/** ICAT writes `yyyy-MM-dd'T'HH:mm:ss.SSSXXX` in the zone of its server. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'is no date of ICAT')
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no date');

/** Null fields are left out, and so is what was included and may not be read. */
const maybe = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? null);
const list = <T>(schema: z.ZodType<T>) => z.array(schema).default([]);
const id = z.int().nonnegative();

const user = z.object({
  name: z.string(),
  fullName: maybe(z.string()),
  givenName: maybe(z.string()),
  familyName: maybe(z.string()),
  affiliation: maybe(z.string()),
});
export type IcatUser = z.infer<typeof user>;

const instrument = z.object({
  name: z.string(),
  fullName: maybe(z.string()),
  instrumentScientists: list(z.object({ user: maybe(user) })),
});

const investigation = z.object({
  id,
  name: z.string(),
  visitId: z.string(),
  title: z.string(),
  summary: maybe(z.string()),
  startDate: maybe(moment),
  endDate: maybe(moment),
  facility: maybe(z.object({ name: z.string() })),
  investigationInstruments: list(z.object({ instrument: maybe(instrument) })),
  investigationUsers: list(z.object({ role: maybe(z.string()), user: maybe(user) })),
  investigationGroups: list(
    z.object({
      role: maybe(z.string()),
      grouping: maybe(z.object({ userGroups: list(z.object({ user: maybe(user) })) })),
    }),
  ),
});
export type IcatInvestigation = z.infer<typeof investigation>;

const dataset = z.object({
  id,
  name: z.string(),
  startDate: maybe(moment),
  endDate: maybe(moment),
  fileSize: maybe(z.int().nonnegative()),
  fileCount: maybe(z.int().nonnegative()),
  sample: maybe(z.object({ name: z.string() })),
  datasetTechniques: list(z.object({ technique: maybe(z.object({ name: z.string() })) })),
});
export type IcatDataset = z.infer<typeof dataset>;

export const investigationRow = z.object({ Investigation: investigation }).transform((row) => row.Investigation);
export const datasetRow = z.object({ Dataset: dataset }).transform((row) => row.Dataset);

/** As `techniquesOf` asks for them. */
export const techniqueRow = z
  .tuple([id, z.string(), z.string().nullable(), z.unknown(), z.unknown()])
  .transform(([investigation, name, pid]) => ({
    investigation,
    terms: [name, pid].flatMap((term) => term?.trim() || []),
  }));
