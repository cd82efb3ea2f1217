import { realpathSync } from 'node:fs';

/** Whether `real` (links already resolved) lies strictly inside one of the folders; gives that folder, links resolved. */
export function folderAround(real: string, folders: string[]): string | null {
  for (const folder of folders) {
    const around = realOf(folder);
    if (around !== null && around !== '/' && real.startsWith(`${around}/`)) return around;
  }
  return null;
}

/** Null when it is not there or cannot be reached. */
export function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
