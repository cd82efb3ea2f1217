import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What every community's folder holds. */
export const COMMUNITY_FILE = 'community.yaml';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export interface CommunityFolder {
  /** Its folder's name. */
  id: string;
  /** Absolute. */
  path: string;
}

/**
 * The folders of a site's communities, by name. Plain files beside them are nobody's business; whatever else could be
 * meant as a community and is none is a fault, so that nobody's plans go missing in silence.
 * @returns the faults as sentences
 */
export function communityFolders(root: string): { folders: CommunityFolder[]; faults: string[] } {
  const above = fileFault(root, 'folder');
  if (above) return { folders: [], faults: [above] };
  const folders: CommunityFolder[] = [];
  const faults: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(root, entry.name);
    if (entry.isFile()) continue;
    if (!entry.isDirectory()) faults.push(`${path} is ${entry.isSymbolicLink() ? 'a link' : 'no folder'}`);
    else if (entry.name.startsWith('.')) faults.push(`${path} is hidden`);
    else if (!NAME.test(entry.name))
      faults.push(`${path}: the name must be 1 to 63 of a-z 0-9 -, not beginning with -`);
    else {
      const fault = fileFault(join(path, COMMUNITY_FILE), 'file');
      if (fault) faults.push(fault);
      else folders.push({ id: entry.name, path });
    }
  }
  return { folders, faults };
}

/** Null: every step of `file` below `folder` is a folder, and the last one a file; nothing is a link. */
export function insideFault(folder: string, file: string): string | null {
  const steps = file.split('/').filter((step) => step !== '' && step !== '.');
  const paths = steps.map((_, i) => join(folder, ...steps.slice(0, i + 1)));
  const faults = paths.map((path, i) => fileFault(path, i === paths.length - 1 ? 'file' : 'folder'));
  return faults.find((fault) => fault !== null) ?? null;
}

function fileFault(path: string, kind: 'file' | 'folder'): string | null {
  try {
    const found = lstatSync(path);
    if (found.isSymbolicLink()) return `${path} is a link`;
    return (kind === 'file' ? found.isFile() : found.isDirectory()) ? null : `${path} is no ${kind}`;
  } catch (error) {
    return `${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}
