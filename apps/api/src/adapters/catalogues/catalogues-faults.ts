import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ReportFault } from '@beamdesk/catalogue';
import { parse } from 'yaml';
import { z } from 'zod';
import { catalogueEntry, isSafe } from './catalogues-schema';

/** What a catalogue's sign-in asks for, e.g. username and password. */
export type Credentials = Record<string, string>;

const credentials = z.record(z.string(), z.string()).refine((fields) => Object.keys(fields).length > 0);
const outline = z.object({ catalogues: z.array(z.unknown()) });

/** What a path in the file means: relative ones are beside it. */
export function beside(file: string, path: string): string {
  return resolve(dirname(file), path);
}

/** @throws Error that says what is wrong, and nothing of what is in it */
export function readCredentials(path: string): Credentials {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, {
      cause: error,
    });
  }
  const found = credentials.safeParse(parsed(text));
  if (found.success) return found.data;
  throw new Error(`${path} must hold the fields of the sign-in, each a text: username: …, password: …`);
}

/** A fault of YAML would repeat the line it is in. */
function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Which fields a catalogue's sign-in needs; null: whatever its server asks for. */
const NEEDED: Record<string, string[]> = {
  local: ['username', 'password'],
  ldap: ['username', 'password'],
  msad: ['username', 'password'],
  token: ['token'],
};

/** Faults between fields and outside the file; entries with faults of their own are the schema's to report. */
export function checkCatalogues(
  file: string,
  beamlines: ReadonlySet<string>,
  raw: unknown,
  report: ReportFault,
): void {
  const seen = new Set<string>();
  outline.safeParse(raw).data?.catalogues.forEach((one, i) => {
    const entry = catalogueEntry.safeParse(one).data;
    const at = (...rest: PropertyKey[]) => ['catalogues', i, ...rest];
    if (!entry) return;
    if (seen.has(entry.id)) report(at('id'), `'${entry.id}' occurs twice`);
    seen.add(entry.id);
    if (entry.kind === 'file') return;
    const urls = entry.kind === 'icat' ? { url: entry.url, dataServer: entry.dataServer } : { url: entry.url };
    for (const [field, url] of Object.entries(urls)) {
      if (url !== null && !isSafe(url, entry.allowHttp)) {
        report(at(field), 'must be https:// (or say allowHttp: true where the network between is trusted)');
      }
    }
    for (const [instrument, beamline] of Object.entries(entry.beamlines)) {
      if (!beamlines.has(beamline)) report(at('beamlines', instrument), `'${beamline}' is not a beamline of the site`);
    }
    if (entry.kind === 'icat' && entry.session === 'own') return;
    const path = entry.credentialsFile;
    if (path === undefined) return report(at('credentialsFile'), 'is missing');
    const fault = credentialsFault(beside(file, path), entry.kind === 'scicat' ? (NEEDED[entry.login] ?? []) : []);
    if (fault) report(at('credentialsFile'), fault);
  });
}

function credentialsFault(path: string, needed: string[]): string | null {
  try {
    const fields = readCredentials(path);
    const missing = needed.find((field) => !fields[field]);
    return missing === undefined ? null : `${path} has no ${missing}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
