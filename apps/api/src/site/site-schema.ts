import { z } from 'zod';
import { SCRIPT_MAX, scriptFile } from './boot-scripts';
import { siteData } from './data-schema';
import { hostGpus } from './gpus-schema';
import { hostLoad, siteLoad } from './load-schema';
import { siteQuotas } from './quota-schema';

const line = z.string().trim().min(1).max(300);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z 0-9 -, not beginning with -');
const amount = z.int().nonnegative().max(2_000_000_000);
const positive = z.int().positive().max(2_000_000_000);
const port = z.int().min(1024).max(65_535);

/** XKB: a layout, and one of its variants in brackets. */
const keyboard = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,30}(\([A-Za-z0-9_-]{1,40}\))?$/, 'must be an XKB layout such as de or ch(fr)');

const scriptText = z
  .string()
  .refine((text) => text.trim() !== '', 'is empty')
  .refine((text) => Buffer.byteLength(text) <= SCRIPT_MAX, `is larger than ${SCRIPT_MAX} bytes`)
  .refine((text) => !text.includes('\0'), 'holds a NUL: a script is text');
const scriptValues = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'a name is 1 to 32 of a-z 0-9 _, beginning with a letter'),
    z
      .string()
      .max(1024)
      .regex(/^[^\0]*$/, 'holds a NUL'),
  )
  .refine((values) => Object.keys(values).length <= 64, 'holds more than 64 values')
  .default({});
const bootScript = z
  .strictObject({ text: scriptText.optional(), file: scriptFile.optional(), values: scriptValues })
  .refine(({ text, file }) => (text === undefined) !== (file === undefined), 'must have either text or file');

/** A beamline: the words for pages and search, and the techniques of the table that are used there beside those words. */
export const beamline = z.strictObject({ id, name: line, technique: line, techniques: z.array(id).max(100).default([]) });
/** Ids, names and terms are compared without case, accents and hyphens: see `termKey`. */
export const technique = z.strictObject({ id, name: line, terms: z.array(line).max(500).default([]) });
export const image = z.strictObject({ id });
export const flavour = z.strictObject({
  id,
  vcpus: positive.max(1024),
  memoryMib: positive,
  diskMib: positive,
  gpus: amount.max(16).default(0),
});
export const plan = z
  .strictObject({
    id,
    name: line,
    description: line,
    image: id,
    flavour: id,
    lifetimeMinutes: positive.max(525_600),
    keepsDisk: z.boolean(),
    idleMinutes: positive.max(525_600).nullable().default(null),
    network: z.enum(['none', 'outbound'], 'must be none or outbound').default('none'),
    extension: z
      .strictObject({ minutes: positive.max(525_600), times: positive.max(100) })
      .nullable()
      .default(null),
    preset: z.boolean().default(false),
    beamlines: z.array(id).default([]),
    techniques: z.array(id).default([]),
    keyboard: keyboard.nullable().optional(),
    bootScript: bootScript.nullable().default(null),
  })
  .refine(({ beamlines, techniques }) => beamlines.length + techniques.length > 0, 'must name beamlines or techniques');
export type PlanEntry = z.infer<typeof plan>;

/** The whole of SITE_FILE, after `{dataDir}` was put in. */
export const siteFile = z.strictObject({
  facility: z.strictObject({ name: line, contact: line }),
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone such as Europe/Paris'),
  /** Of every plan that names none; null: as each image has it. */
  keyboard: keyboard.nullable().default(null),
  conditions: z.strictObject({
    version: z.string().trim().min(1).max(64),
    publishedAt: z.iso.date('must be a date: 2026-03-14').transform((day) => new Date(day)),
    text: z.string().trim().min(1).max(100_000),
  }),
  techniques: z.array(technique).default([]),
  beamlines: z.array(beamline).min(1),
  services: z.array(z.strictObject({ id, name: line })).default([{ id: 'desktop', name: 'Desktop' }]),
  images: z.array(image).min(1),
  flavours: z.array(flavour).min(1),
  plans: z.array(plan).min(1),
  /** Folder beside this file; each of its folders is a user community: see `readCommunities`. */
  communities: scriptFile.optional(),
  hosts: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9._-]{1,63}$/, 'must be 1 to 63 of A-Z a-z 0-9 . _ -'),
        memoryLimitMib: amount,
        memoryOvercommit: z.number().min(1, 'must be at least 1').max(64).default(1),
        diskReserveMib: amount,
        ports: z.strictObject({ from: port, to: port }),
        gpus: hostGpus,
        load: hostLoad,
      }),
    )
    .min(1),
  load: siteLoad,
  quotas: siteQuotas,
  /** How long a catalogue's word lets somebody in; each sign-in asks it again. */
  authorisation: z.strictObject({ catalogueDays: positive.max(3650).default(30) }).default({ catalogueDays: 30 }),
  data: siteData,
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
