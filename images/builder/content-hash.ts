import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256 over names, kinds, execute bits and contents of everything below the given paths, in a fixed order; times,
 * owners, the paths' own places and tests (`*.spec.ts`) don't count.
 * @param paths absolute files or folders, each with the name it counts under
 * @returns 64 hex digits
 */
export function contentHash(paths: { name: string; path: string }[], words: string[]): string {
  const hash = createHash('sha256');
  const field = (value: string | Buffer): void => {
    hash.update(`${value.length}:`).update(value);
  };
  const visit = (name: string, path: string): void => {
    const stat = lstatSync(path);
    field(name);
    if (stat.isDirectory()) {
      field('folder');
      const entries = readdirSync(path).filter((entry) => !entry.endsWith('.spec.ts'));
      for (const entry of entries.sort()) visit(`${name}/${entry}`, join(path, entry));
    } else if (stat.isSymbolicLink()) {
      field('link');
      field(readlinkSync(path));
    } else {
      field(stat.mode & 0o111 ? 'program' : 'file');
      field(readFileSync(path));
    }
  };
  for (const word of words) field(word);
  for (const { name, path } of paths) visit(name, path);
  return hash.digest('hex');
}
