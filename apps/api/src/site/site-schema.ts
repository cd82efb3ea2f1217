import { role } from '@beamdesk/contracts';
import { z } from 'zod';
import { SCRIPT_MAX, scriptFile } from './boot-scripts';

const line = z.string().trim().min(1).max(300);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z 0-9 -, not beginning with -');
const amount = z.int().nonnegative().max(2_000_000_000);
const positive = z.int().positive().max(2_000_000_000);
const port = z.int().min(1024).max(65_535);
/** Ids below 1000 belong to the system; 0 is root. */
const numericId = z.int().min(1000).max(2_147_483_647);
const PLACEHOLDERS = ['proposal', 'facility', 'beamline', 'visit'];

const folder = z
  .string()
  .max(1024)
  .regex(/^\//, 'must be an absolute path (or begin with {dataDir})')
  .refine((path) => !path.split('/').includes('..'), 'must not hold ..')
  .transform((path) => path.replace(/\/+$/, '') || '/');

const template = folder.refine(
  (path) => [...path.matchAll(/\{([^}]*)\}/g)].every(([, name]) => PLACEHOLDERS.includes(name ?? '')),
  `may hold only ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')}`,
);

const resources = z.strictObject({ machines: amount, vcpus: amount, memoryMib: amount, storageMib: amount });
const runAs = z.strictObject({ uid: numericId, gid: numericId, groups: z.array(numericId).max(64).default([]) });

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
  beamlines: z.array(z.strictObject({ id, name: line, technique: line })).min(1),
  services: z.array(z.strictObject({ id, name: line })).default([{ id: 'desktop', name: 'Desktop' }]),
  images: z.array(z.strictObject({ id })).min(1),
  flavours: z.array(z.strictObject({ id, vcpus: positive.max(1024), memoryMib: positive, diskMib: positive })).min(1),
  plans: z
    .array(
      z.strictObject({
        id,
        name: line,
        description: line,
        image: id,
        flavour: id,
        lifetimeMinutes: positive.max(525_600),
        keepsDisk: z.boolean(),
        preset: z.boolean().default(false),
        beamlines: z.array(id).min(1),
        keyboard: keyboard.nullable().optional(),
        bootScript: bootScript.nullable().default(null),
      }),
    )
    .min(1),
  hosts: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9._-]{1,63}$/, 'must be 1 to 63 of A-Z a-z 0-9 . _ -'),
        memoryLimitMib: amount,
        memoryOvercommit: z.number().min(1, 'must be at least 1').max(64).default(1),
        diskReserveMib: amount,
        ports: z.strictObject({ from: port, to: port }),
      }),
    )
    .min(1),
  quotas: z.record(role, resources),
  /** How long a catalogue's word lets somebody in; each sign-in asks it again. */
  authorisation: z.strictObject({ catalogueDays: positive.max(3650).default(30) }).default({ catalogueDays: 30 }),
  data: z.strictObject({
    roots: z.array(folder).min(1),
    path: template,
    guest: template.refine((path) => path.startsWith('/data/'), 'must lie below /data/').default('/data/{proposal}'),
    runAs: z
      .discriminatedUnion('rule', [
        z.strictObject({ rule: z.literal('machine') }),
        z.strictObject({ rule: z.literal('accounts'), accounts: z.record(z.string(), runAs) }),
      ])
      .default({ rule: 'machine' }),
    scratch: z.strictObject({ root: folder, limitMib: positive, guest: z.literal('/scratch').default('/scratch') }),
  }),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
