import { z } from 'zod';
import { isLoopback } from '../../config/parse-address';
import { FROM_IDENTITY } from './account-rules';

const line = z.string().trim().min(1).max(300);
const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
const path = z.string().trim().min(1).max(1024);
const seconds = z.number().min(1).max(300).default(20);

const address = z
  .url({ protocol: /^https?$/, error: 'must be an address beginning with https://' })
  .refine((text) => !/[?#]/.test(text), 'must end before any ? or #')
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'must not hold a user name or password: they belong into the credentials file');

/** A regular expression for the whole of a text. */
const pattern = z
  .string()
  .min(1)
  .max(300)
  .transform((text, context) => {
    try {
      return new RegExp(`^(?:${text})$`, 'u');
    } catch {
      context.addIssue({ code: 'custom', message: 'is no regular expression' });
      return z.NEVER;
    }
  });

const accountRule = z
  .strictObject({
    issuer: z.url(),
    subject: pattern,
    name: line,
    groups: z.union([z.array(line), z.literal(FROM_IDENTITY)]).default([]),
    groupPattern: pattern.optional(),
  })
  .refine(({ groups, groupPattern }) => groups === FROM_IDENTITY || groupPattern === undefined, {
    path: ['groupPattern'],
    error: `needs groups: ${FROM_IDENTITY}`,
  });

const common = { id, accounts: z.array(accountRule).default([]) };
const server = {
  url: address,
  /** Plain http is for servers on this machine, or where the network between is trusted. */
  allowHttp: z.boolean().default(false),
  timeoutSeconds: seconds,
  /** Instrument names of the catalogue → ids of the site's beamlines. */
  beamlines: z.record(line, z.string()).default({}),
};

const file = z.strictObject({ kind: z.literal('file'), ...common, file: path });

const icat = z.strictObject({
  kind: z.literal('icat'),
  ...common,
  ...server,
  dataServer: address.nullable().default(null),
  session: z.enum(['service', 'own']).default('service'),
  plugin: line.optional(),
  credentialsFile: path.optional(),
  membership: z
    .array(z.enum(['users', 'groups', 'scientists']))
    .min(1)
    .default(['users']),
  roles: z.record(line, line.nullable()).default({}),
});

const scicat = z.strictObject({
  kind: z.literal('scicat'),
  ...common,
  ...server,
  facility: z.string().trim().min(1).max(50),
  login: z.enum(['local', 'ldap', 'msad', 'token']).default('local'),
  credentialsFile: path,
  groups: z.enum(['account', 'scicat']).default('account'),
  lifecycle: z
    .array(
      z.strictObject({
        when: z.record(line, z.union([z.string(), z.boolean()])),
        is: z.enum(['online', 'restoring', 'archived', 'unknown']),
      }),
    )
    .min(1)
    .optional(),
  retrieve: z
    .strictObject({
      api: z.enum(['v3', 'v4']).default('v4'),
      type: line.default('retrieve'),
      destinationPath: line.default('/archive/retrieve'),
      onBehalf: z.boolean().default(true),
      email: z.email().nullable().default(null),
    })
    .nullable()
    .default(null),
});

export const catalogueEntry = z.discriminatedUnion('kind', [file, icat, scicat]);
export type CatalogueEntry = z.infer<typeof catalogueEntry>;

/** The whole of CATALOGUES_FILE. */
export const cataloguesFile = z.strictObject({ catalogues: z.array(catalogueEntry).min(1) });

/** Whether a secret may be sent there. */
export function isSafe(url: string, allowHttp: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || allowHttp || isLoopback(hostname);
}
