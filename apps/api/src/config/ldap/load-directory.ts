import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSecret, Secret } from '../secret';
import type { DirectoryFields } from './directory-entry';
import { type DirectorySettings, directoryIssuer } from './directory-settings';
import { dnKey } from './distinguished-name';
import { placeholderOf } from './filter-template';

const credentials = z.strictObject({ dn: z.string().min(1), password: z.string().min(1) });

/** What an entry means, with the files it names. `fault` is told of each that is of no use. */
export function loadDirectory(
  { id, label, ...fields }: DirectoryFields & { id: string; label: string },
  beside: (path: string) => string,
  fault: (field: string, message: string) => void,
): DirectorySettings {
  const { url, plain, caFile, credentialsFile, accounts, timeoutSeconds } = fields;
  const { protocol, hostname, port } = new URL(url);
  const read = <T>(field: string, path: string | undefined, reader: (path: string) => T): T | null => {
    try {
      return path === undefined ? null : reader(beside(path));
    } catch (error) {
      fault(field, error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  return {
    id,
    label,
    issuer: directoryIssuer(id),
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'ldaps:' ? 636 : 389),
    security: protocol === 'ldaps:' ? 'tls' : plain ? 'none' : 'start-tls',
    ca: read('caFile', caFile, readCertificates),
    reader: read('credentialsFile', credentialsFile, readCredentials),
    accounts,
    groups: groupsOf(fields.groups),
    timeoutMs: timeoutSeconds * 1000,
  };
}

function groupsOf(given: DirectoryFields['groups']): DirectorySettings['groups'] {
  if (!given) return null;
  const { attribute, search } = given;
  const names = Object.entries(given.names).map(([dn, name]) => ({ dn, name }));
  if (search) return { source: { kind: 'search', ...search, by: placeholderOf(search.filter) ?? '' }, names };
  return { source: { kind: 'attribute', attribute: attribute ?? '' }, names };
}

/** @throws Error that names the file and nothing of what is in it */
function readCredentials(path: string): { dn: string; password: Secret } {
  const text = readSecret(path);
  const { mode } = statSync(path);
  if ((mode & 0o027) !== 0) {
    throw new Error(
      `${path} may be read by others (mode ${(mode & 0o777).toString(8)}): make it 600, or 640 for a group`,
    );
  }
  const found = credentials.safeParse(parsed(text)).data;
  if (!found) throw new Error(`${path} must hold two texts: dn: … and password: …`);
  if (dnKey(found.dn) === null) throw new Error(`${path}: dn is no distinguished name`);
  return { dn: found.dn, password: new Secret(found.password) };
}

/** A fault of YAML would repeat the line it is in. */
function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return null;
  }
}

function readCertificates(path: string): string {
  const text = readSecret(path);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('none');
    for (const block of blocks) new X509Certificate(block);
  } catch (error) {
    throw new Error(`${path} holds no certificate that can be read (PEM)`, { cause: error });
  }
  return readFileSync(path, 'utf8');
}
