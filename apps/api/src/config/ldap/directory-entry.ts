import { z } from 'zod';
import { isLoopback } from '../parse-address';
import { dnKey } from './distinguished-name';
import { placeholderOf } from './filter-template';

const line = z.string().trim().min(1).max(200);
const path = z.string().trim().min(1).max(1024);
const NO_DN = 'must be a distinguished name, e.g. ou=people,dc=example,dc=org';
const dn = z
  .string()
  .trim()
  .max(1024)
  .refine((text) => dnKey(text) !== null, NO_DN);
const attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be the name of an attribute');
const attributes = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*( +[A-Za-z][A-Za-z0-9-]*){0,4}$/, 'must be names of attributes, with blanks between');

/**
 * What changes, what people can change themselves, or what is given to somebody else after them, tells nobody again.
 */
const NO_SUBJECT = [
  'mail',
  'email',
  'rfc822mailbox',
  'proxyaddresses',
  'cn',
  'commonname',
  'sn',
  'surname',
  'givenname',
  'displayname',
  'gecos',
  'name',
  'uid',
  'userid',
  'samaccountname',
  'userprincipalname',
  'telephonenumber',
  'mobile',
  'distinguishedname',
  'dn',
  'title',
];

const filter = z.string().trim().max(1000);

const accounts = z.strictObject({
  base: dn,
  filter: filter.refine(
    (text) => placeholderOf(text) === 'name',
    'must be a search filter in which {name} is the whole of one value, e.g. (uid={name})',
  ),
  subject: attribute
    .refine(
      (name) => !NO_SUBJECT.includes(name.toLowerCase()),
      'must be a stable id, e.g. entryUUID, objectGUID or uidNumber: names and mails change, and change hands',
    )
    .default('entryUUID'),
  name: z
    .union([attributes.transform((one) => [one]), z.array(attributes).min(1).max(10)])
    .default(['displayName', 'cn', 'givenName sn']),
  email: attribute.default('mail'),
});

const groups = z
  .strictObject({
    attribute: attribute.optional(),
    search: z
      .strictObject({
        base: dn,
        filter: filter.refine(
          (text) => placeholderOf(text) !== null,
          'must be a search filter in which {dn}, or {uid} and the like, is the whole of one value, e.g. (member={dn})',
        ),
      })
      .optional(),
    names: z.record(z.string(), line),
  })
  .refine(
    (given) => (given.attribute === undefined) !== (given.search === undefined),
    'needs one of attribute and search',
  );

/** An entry `kind: ldap` of the identity providers file, without its id and label. */
export const directoryFields = {
  kind: z.literal('ldap'),
  url: z
    .url({ protocol: /^ldaps?$/, error: 'must be an address beginning with ldap:// or ldaps://' })
    .refine((text) => !URL.canParse(text) || /^ldaps?:\/\/[^/?#@]+\/?$/i.test(text), 'must end after host and port'),
  /** Without TLS. */
  plain: z.boolean().default(false),
  caFile: path.optional(),
  credentialsFile: path.optional(),
  accounts,
  groups: groups.optional(),
  timeoutSeconds: z.number().min(1).max(60).default(10),
};

export type DirectoryFields = z.infer<z.ZodObject<typeof directoryFields>>;

/** Faults between fields: where, and what. */
export function directoryFaults({
  url,
  plain,
  groups: given,
}: DirectoryFields): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  const { protocol, hostname } = new URL(url);
  if (plain && protocol === 'ldaps:') faults.push({ path: ['plain'], message: 'does not go with ldaps://' });
  // Of an address that is not http, URL leaves the host as it was written.
  else if (plain && !isLoopback(hostname)) {
    faults.push({
      path: ['plain'],
      message: 'passwords go in the clear to a loopback host only: leave it out (StartTLS) or use ldaps://',
    });
  }
  const seen = new Set<string | null>();
  for (const name of Object.keys(given?.names ?? {})) {
    const key = dnKey(name);
    if (key === null) faults.push({ path: ['groups', 'names', name], message: NO_DN });
    else if (seen.has(key)) faults.push({ path: ['groups', 'names', name], message: 'occurs twice' });
    seen.add(key);
  }
  return faults;
}
