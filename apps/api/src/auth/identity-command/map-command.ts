import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ProviderDescription } from '../../config';
import { type Claims, isIncomplete, mapClaims, nameOf } from '../sign-in/map-claims';
import { claimsIn } from './claims-in';
import { redirectProviders } from './known-providers';
import { pathOf, readInput, type Terminal } from './terminal';
import { UsageError } from './usage';

/**
 * `identity map`
 * @returns 0: that person could sign in, 1: could not
 */
export async function mapCommand(argv: string[], terminal: Terminal): Promise<number> {
  const values = options(argv);
  const { claims, form } = claimsIn(await textOf(values, terminal));
  const provider = choose(redirectProviders(values.file, terminal), values.provider, claims);
  return show(claims, form, provider, terminal.print) ? 0 : 1;
}

function options(argv: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: argv, options: { 'token-file': text, claims: text, provider: text, file: text } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function textOf(values: ReturnType<typeof options>, terminal: Terminal): Promise<string> {
  const { 'token-file': file, claims } = values;
  if ((file === undefined) === (claims === undefined))
    throw new UsageError('one of --token-file and --claims must be given');
  if (file === '-') return readInput(terminal);
  return file === undefined ? (claims ?? '') : readFileSync(pathOf(terminal, file), 'utf8');
}

function choose(all: ProviderDescription[], id: string | undefined, claims: Claims): ProviderDescription {
  if (all.length === 0) throw new UsageError('no provider is known: give --file FILE');
  const known = all.map((one) => one.id).join(', ');
  const found =
    id === undefined ? all.find(({ issuer }) => issuer === claims['iss']) : all.find((one) => one.id === id);
  if (found) return found;
  const why =
    id === undefined ? `the token's issuer is that of no provider: give --provider` : `there is no provider '${id}'`;
  throw new UsageError(`${why} (known: ${known})`);
}

function show(claims: Claims, form: string, provider: ProviderDescription, print: (line: string) => void): boolean {
  const { claims: mapping } = provider;
  const line = (what: string, value: string, from?: string | null) =>
    print(`${what.padEnd(10)} ${value}${from ? `   (${from})` : ''}`);
  line('provider', `${provider.id}, ${provider.label}, ${provider.issuer}`);
  const faults = faultsOf(claims, provider);
  const identity = mapClaims(claims, mapping);
  if (identity) {
    line('stable id', identity.subject, mapping.subject);
    line('name', identity.name, nameOf(claims, mapping)?.from ?? 'no name: the stable id stands for it');
    if (identity.email === null) line('mail', 'none', mapping.email);
    else line('mail', `${identity.email}, ${identity.emailVerified ? 'verified' : 'not verified'}`, mapping.email);
    line('groups', identity.groups.join(', ') || 'none', mapping.groups ?? 'the provider has no claim for them');
  } else
    faults.push(
      `the claim '${mapping.subject}' holds no stable id (a text of 1 to 255 characters): nobody could sign in`,
    );
  if (isIncomplete(claims, mapping))
    print('note       something is missing: a sign-in would ask the provider’s userinfo endpoint for it');
  print(`note       ${form}; nobody is matched by a mail, and no role comes from a claim`);
  for (const fault of faults) print(`fault      ${fault}`);
  return faults.length === 0;
}

/** What a sign-in would refuse besides, as far as the claims themselves show it. */
function faultsOf(claims: Claims, { issuer, clientId }: ProviderDescription): string[] {
  const faults: string[] = [];
  const { iss, aud, exp } = claims;
  if (iss !== undefined && iss !== issuer) faults.push(`the token is of ${String(iss)}, not of ${issuer}`);
  const audience: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (aud !== undefined && clientId !== '' && !audience.includes(clientId)) {
    faults.push(
      `the token is for ${audience.join(', ')}, not for ${clientId} (an access token? The ID token is wanted)`,
    );
  }
  if (typeof exp === 'number' && exp * 1000 < Date.now())
    faults.push(`the token ended at ${new Date(exp * 1000).toISOString()}`);
  return faults;
}
