import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { House } from './services.ts';
import { publicUrl } from './services.ts';

/** What the person at the keyboard wants to know when all is up: the URL, who can sign in, where things lie. */
export function welcome({ port, layout, site }: House): string {
  const lines = demoPeople(site.peopleFile).map((person) => `    ${person}`);
  return [
    'ready',
    '',
    `  Beamdesk: ${publicUrl(port)}`,
    '',
    '  Sign in with "UmbrellaID (demo)" as one of (no password, on this machine only):',
    ...lines,
    '',
    `  Everything is kept in ${layout.data} (logs in ${layout.logs}). Ctrl-C stops the services; desktops run on.`,
    '',
  ].join('\n');
}

function demoPeople(file: string): string[] {
  if (!existsSync(file)) return [];
  const read: unknown = parse(readFileSync(file, 'utf8'));
  const people = typeof read === 'object' && read !== null && 'people' in read ? read.people : [];
  if (!Array.isArray(people)) return [];
  return people.map((person: Record<string, unknown>) => [person['name'], person['about']].filter(Boolean).join(' – '));
}
