import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A person of config/demo/people.yaml, as far as a provider needs to know them. */
export interface DemoPerson {
  /** Short name, unique in the file. */
  id: string;
  subject: string;
  name: string;
  email: string;
  /** Who they are, in one line for the sign-in page. */
  about: string;
  /** What a provider that knows groups tells; the demo's own tells none. */
  groups: string[];
}

/** @throws Error naming the file and what is wrong in it */
export function readPeople(file: string): DemoPerson[] {
  const document: unknown = parse(readFileSync(file, 'utf8'));
  const people = isRecord(document) ? document['people'] : undefined;
  if (!Array.isArray(people) || people.length === 0) throw new Error(`${file}: needs a list "people"`);
  return people.map((entry: unknown, index) => {
    const read = (field: Exclude<keyof DemoPerson, 'groups'>): string => {
      const value = isRecord(entry) ? entry[field] : undefined;
      if (typeof value !== 'string' || value === '') throw new Error(`${file}: people.${index}.${field} must be text`);
      return value;
    };
    const named = isRecord(entry) ? entry['groups'] : undefined;
    const groups = Array.isArray(named) ? named.map(String) : [];
    return { id: read('id'), subject: read('subject'), name: read('name'), email: read('email'), about: read('about'), groups };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
