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
}

/** @throws Error naming the file and what is wrong in it */
export function readPeople(file: string): DemoPerson[] {
  const document: unknown = parse(readFileSync(file, 'utf8'));
  const people = isRecord(document) ? document['people'] : undefined;
  if (!Array.isArray(people) || people.length === 0) throw new Error(`${file}: needs a list "people"`);
  return people.map((entry: unknown, index) => {
    const read = (field: keyof DemoPerson): string => {
      const value = isRecord(entry) ? entry[field] : undefined;
      if (typeof value !== 'string' || value === '') throw new Error(`${file}: people.${index}.${field} must be text`);
      return value;
    };
    return { id: read('id'), subject: read('subject'), name: read('name'), email: read('email'), about: read('about') };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
