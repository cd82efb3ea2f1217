import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseYaml, type ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';
import { CALLBACK_PATH, OidcSettings, ProviderDescription, STANDARD_CLAIMS, STANDARD_SCOPE } from './identity-provider';
import { directoryFaults, directoryFields } from './ldap/directory-entry';
import type { DirectorySettings } from './ldap/directory-settings';
import { loadDirectory } from './ldap/load-directory';
import { isLoopback } from './parse-address';
import { readSecret, Secret } from './secret';

const line = z.string().trim().min(1).max(200);
const providerId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -, not beginning with -')
  .refine((text) => text !== 'local', 'is what local accounts are called');

/** What people can change themselves, or what is given to somebody else after them, tells nobody again. */
const NO_SUBJECT = [
  'email',
  'mail',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'preferred_username',
  'phone_number',
];

const claimMapping = z
  .strictObject({
    subject: line
      .refine((claim) => !NO_SUBJECT.includes(claim), 'must be a stable id: mails and names change, and change hands')
      .default(STANDARD_CLAIMS.subject),
    name: z.union([line.transform((one) => [one]), z.array(line).min(1).max(10)]).default([...STANDARD_CLAIMS.name]),
    email: line.default(STANDARD_CLAIMS.email),
    emailVerified: line.default(STANDARD_CLAIMS.emailVerified),
    groups: line.nullable().default(STANDARD_CLAIMS.groups),
  })
  .prefault({});

const common = { id: providerId, label: line.max(60) };

const provider = z.strictObject({
  kind: z.literal('oidc').default('oidc'),
  ...common,
  issuer: z
    .url({ protocol: /^https?$/, error: 'must be an address beginning with https://' })
    .refine((text) => !URL.canParse(text) || isSafeIssuer(text), 'must be https:// unless it names a loopback host'),
  clientId: line,
  clientSecretFile: line.max(1024),
  scope: z
    .string()
    .trim()
    .max(500)
    .refine((text) => text.split(/\s+/).includes('openid'), 'must name openid')
    .default(STANDARD_SCOPE),
  claims: claimMapping,
});

const directory = z.strictObject({ ...common, ...directoryFields });
const entry = z.discriminatedUnion('kind', [provider, directory]);
type Entry = z.infer<typeof entry>;

const providersFile = z.strictObject({ providers: z.array(entry).min(1, 'must name a provider').max(50) });

/** Everybody the file names that vouches for people. */
export interface LoadedProviders {
  oidc: OidcSettings[];
  directories: DirectorySettings[];
}

/** Whether an issuer can be trusted as to what comes from it: TLS, or this very machine. */
export function isSafeIssuer(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || isLoopback(hostname);
}

/**
 * The OpenID Connect providers of IDENTITY_PROVIDERS_FILE, without any secret.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when it cannot be read
 */
export function describedProviders(file: string): ProviderDescription[] {
  return read(file, () => undefined).flatMap((one) => (one.kind === 'oidc' ? [description(one)] : []));
}

/** All of them, with secrets and certificates; a file of theirs that is of no use is a fault like any other. */
export function loadProviders(file: string): LoadedProviders {
  const loaded: LoadedProviders = { oidc: [], directories: [] };
  read(file, (one, fault) => {
    if (one.kind === 'ldap') loaded.directories.push(loadDirectory(one, besides(file), fault));
    else withSecret(one, file, loaded.oidc, fault);
  });
  return loaded;
}

/** The directories of the file alone, with what the named ones (all without `only`) need to be asked. */
export function loadDirectories(file: string, only?: string): DirectorySettings[] {
  const loaded: DirectorySettings[] = [];
  read(file, (one, fault) => {
    if (one.kind !== 'ldap') return;
    const ignored = only !== undefined && only !== one.id;
    loaded.push(loadDirectory(one, besides(file), ignored ? () => undefined : fault));
  });
  return loaded;
}

type FaultOf = (field: string, message: string) => void;

function besides(file: string): (path: string) => string {
  return (path) => resolve(dirname(file), path);
}

function withSecret(one: z.infer<typeof provider>, file: string, to: OidcSettings[], fault: FaultOf): void {
  try {
    to.push({ ...description(one), clientSecret: new Secret(readSecret(besides(file)(one.clientSecretFile))) });
  } catch (error) {
    fault('clientSecretFile', error instanceof Error ? error.message : String(error));
  }
}

function description({ id, label, issuer, clientId, scope, claims }: z.infer<typeof provider>): ProviderDescription {
  return { id, label, issuer, clientId, scope, claims, callbackPath: `${CALLBACK_PATH}/${id}` };
}

/** `load` gets every entry that is in order by itself, and tells what is wrong with the files it names. */
function read(file: string, load: (one: Entry, fault: FaultOf) => void): Entry[] {
  const check = (raw: unknown, report: ReportFault) => {
    faultsBetween(raw, report);
    for (const [i, one] of soundEntries(raw)) load(one, (field, message) => report(['providers', i, field], message));
  };
  return parseYaml(file, readFileSync(file, 'utf8'), providersFile, check).providers;
}

function soundEntries(raw: unknown): [number, Entry][] {
  const entries = z.object({ providers: z.array(z.unknown()) }).safeParse(raw).data?.providers ?? [];
  return entries.flatMap((one, i): [number, Entry][] => {
    const found = entry.safeParse(one).data;
    return found ? [[i, found]] : [];
  });
}

/** Ids and issuers occur once, and directories are asked in no way that gives passwords away. */
function faultsBetween(raw: unknown, report: ReportFault): void {
  const seen = { id: new Set<string>(), issuer: new Set<string>() };
  const once = (i: number, field: 'id' | 'issuer', value: string) => {
    if (seen[field].has(value)) report(['providers', i, field], `'${value}' occurs twice`);
    seen[field].add(value);
  };
  for (const [i, one] of soundEntries(raw)) {
    once(i, 'id', one.id);
    if (one.kind === 'oidc') once(i, 'issuer', one.issuer);
    else for (const { path, message } of directoryFaults(one)) report(['providers', i, ...path], message);
  }
}
