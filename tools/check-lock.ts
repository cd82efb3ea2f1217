/**
 * Checks package-lock.json: every optional package that another one names (the binaries of other systems) must have an entry
 * of its own. npm drops the entry when the registry lacks that version, and then `npm ci` fails on a fresh machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Lock {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
}

/** The optional packages without an entry, as `package needs optional`. */
export function missingEntries({ packages }: Lock): string[] {
  const found = (from: string, name: string): boolean => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
      if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
      if (folder === '') return false;
    }
  };
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !found(path, name))
      .map((name) => `${path || 'the workspace'} needs ${name}`),
  );
}

if (process.argv[1] === import.meta.filename) {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock;
  const missing = missingEntries(lock);
  missing.forEach((line) => console.error(`package-lock.json: ${line}, which has no entry`));
  process.exitCode = missing.length > 0 ? 1 : 0;
}
