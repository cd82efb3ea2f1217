import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseYaml, type ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';
import { CALLBACK_PATH, OidcSettings, ProviderDescription, STANDARD_CLAIMS, STANDARD_SCOPE } from './identity-provider';
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

const provider = z.strictObject({
  id: providerId,
  label: line.max(60),
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

const providersFile = z.strictObject({ providers: z.array(provider).min(1, 'must name a provider').max(50) });

/** Whether an issuer can be trusted as to what comes from it: TLS, or this very machine. */
export function isSafeIssuer(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || isLoopback(hostname);
}

/**
 * Reads IDENTITY_PROVIDERS_FILE, but no secret.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when it cannot be read
 */
export function describedProviders(file: string): ProviderDescription[] {
  return read(file, () => undefined).map(description);
}

/** As `describedProviders`, with the secrets; one that cannot be read is a fault like any other. */
export function loadProviders(file: string): OidcSettings[] {
  const secrets = new Map<string, Secret>();
  const keep = (path: string) => secrets.set(path, new Secret(readSecret(resolve(dirname(file), path))));
  return read(file, keep).flatMap((entry) => {
    const clientSecret = secrets.get(entry.clientSecretFile);
    return clientSecret ? [{ ...description(entry), clientSecret }] : [];
  });
}

function description({ id, label, issuer, clientId, scope, claims }: z.infer<typeof provider>): ProviderDescription {
  return { id, label, issuer, clientId, scope, claims, callbackPath: `${CALLBACK_PATH}/${id}` };
}

function read(file: string, readSecretFile: (path: string) => void): z.infer<typeof provider>[] {
  const check = (raw: unknown, report: ReportFault) => faultsBetween(raw, readSecretFile, report);
  return parseYaml(file, readFileSync(file, 'utf8'), providersFile, check).providers;
}

/** Of each entry that is in order by itself: ids and issuers occur once, secrets can be read. */
function faultsBetween(raw: unknown, readSecretFile: (path: string) => void, report: ReportFault): void {
  const entries = z.object({ providers: z.array(z.unknown()) }).safeParse(raw).data?.providers ?? [];
  const seen = { id: new Set<string>(), issuer: new Set<string>() };
  entries.forEach((entry, i) => {
    const found = provider.safeParse(entry).data;
    if (!found) return;
    for (const field of ['id', 'issuer'] as const) {
      if (seen[field].has(found[field])) report(['providers', i, field], `'${found[field]}' occurs twice`);
      seen[field].add(found[field]);
    }
    try {
      readSecretFile(found.clientSecretFile);
    } catch (error) {
      report(['providers', i, 'clientSecretFile'], error instanceof Error ? error.message : String(error));
    }
  });
}
