import { z } from 'zod';
import type { DataRule, SiteData } from './site-data';

/** Ids below 1000 belong to the system; 0 is root. */
const numericId = z.int().min(1000).max(2_147_483_647);
const limitMib = z.int().positive().max(2_000_000_000);
const PLACEHOLDERS = ['proposal', 'facility', 'beamline', 'visit', 'catalogue', 'year'];

const folder = z
  .string()
  .max(1024)
  .regex(/^\//, 'must be an absolute path (or begin with {dataDir})')
  .refine((path) => !path.split('/').includes('..'), 'must not hold ..')
  .transform((path) => path.replace(/\/+$/, '') || '/');

const knowsItsPlaces = (text: string) =>
  [...text.matchAll(/\{([^}]*)\}/g)].every(([, name]) => PLACEHOLDERS.includes(name ?? ''));
const MAY_HOLD = `may hold only ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')}`;

const template = folder.refine(knowsItsPlaces, MAY_HOLD);
const IN_GUEST = '/data/{proposal}';
const guest = template.refine((path) => path.startsWith('/data/'), 'must lie below /data/');

const server = z
  .string()
  .max(253)
  .regex(/^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+)$/, 'must be a host name or an address');
const ownExport = template.refine(
  (path) => path.includes('{proposal}'),
  'must hold {proposal}: an export that several proposals share shows each guest all of them',
);

const one = z.string().trim().min(1).max(300);
const some = z.union([one.transform((only) => [only]), z.array(one).min(1).max(1000)]).optional();

/** One of `data.rules`; communities have them too. */
export const dataRule = z
  .strictObject({
    when: z.strictObject({ catalogue: some, facility: some, beamline: some }).default({}),
    path: template.optional(),
    guest: guest.default(IN_GUEST),
    mount: z.enum(['9p', 'virtiofs', 'nfs']).default('9p'),
    nfs: z.strictObject({ server, export: ownExport }).optional(),
  })
  .transform(({ mount, path, nfs, ...rest }, context): DataRule => {
    const fault = (field: string, message: string): never => {
      context.addIssue({ code: 'custom', path: [field], message });
      return z.NEVER;
    };
    if (mount === 'nfs') {
      if (path !== undefined) return fault('path', 'is of the host; with mount: nfs say nfs.server and nfs.export');
      return nfs ? { ...rest, mount, nfs } : fault('nfs', 'must say server and export');
    }
    if (nfs) return fault('nfs', 'needs mount: nfs');
    return path === undefined ? fault('path', 'must say where the data are') : { ...rest, mount, path };
  });

const groups = z
  .array(
    z
      .string()
      .max(128)
      .regex(/^[A-Za-z_][A-Za-z0-9_.{}-]*$/, 'must be a name of A-Z a-z 0-9 _ . -, beginning with a letter or _')
      .refine(knowsItsPlaces, MAY_HOLD),
  )
  .max(16)
  .default([]);
const ids = z.strictObject({ uid: numericId, gid: numericId, groups: z.array(numericId).max(64).default([]) });
const runAs = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('machine') }),
    z.strictObject({ rule: z.literal('system'), groups }),
    z.strictObject({ rule: z.literal('accounts'), accounts: z.record(z.string(), ids), groups }),
  ])
  .default({ rule: 'machine' });

/** `data` of SITE_FILE. `path` and `guest` beside it are the short form of one rule for all proposals. */
export const siteData = z
  .strictObject({
    roots: z.array(folder).min(1),
    nfs: z.array(server).max(64).default([]),
    rules: z.array(dataRule).min(1).max(1000).optional(),
    path: template.optional(),
    guest: guest.optional(),
    runAs,
    scratch: z.strictObject({ root: folder, limitMib, guest: z.literal('/scratch').default('/scratch') }),
    home: z.strictObject({ root: folder, limitMib }).nullable().default(null),
  })
  .transform(({ rules, path, guest: inGuest, ...rest }, context): SiteData => {
    const fault = (field: string, message: string): never => {
      context.addIssue({ code: 'custom', path: [field], message });
      return z.NEVER;
    };
    if (rules === undefined) {
      if (path === undefined) return fault('path', 'must say where the data are, unless rules do');
      return { ...rest, rules: [{ when: {}, mount: '9p', path, guest: inGuest ?? IN_GUEST }] };
    }
    if (path !== undefined) return fault('path', 'is the short form of one rule: put it into rules');
    if (inGuest !== undefined) return fault('guest', 'is the short form of one rule: put it into rules');
    return { ...rest, rules };
  });
