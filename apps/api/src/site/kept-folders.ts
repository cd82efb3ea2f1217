import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ASK, DataRefused, type DataRefusal } from './data-refused';
import { expandPath } from './expand-path';

/** Longest name the hypervisor takes for one step of a writable share's path; it takes no `:` either. */
const FOLDER_MAX = 128;

/** Below the scratch root: one folder for each person and proposal. */
export function scratchBelow(userId: string, proposalKey: string): string {
  return join(homeBelow(userId), keyFolder(proposalKey));
}

/** Below the root of homes: one folder for each person, whatever they call themselves. */
export function homeBelow(userId: string): string {
  return expandPath('{user}', { user: userId });
}

/**
 * The path of a folder that a person writes to. The hypervisor makes it when it is missing; one that is there must really lie where it
 * is said to.
 * @throws DataRefused
 */
export async function keptFolder(
  root: string,
  below: string,
  refusal: { code: DataRefusal; name: string },
): Promise<string> {
  const path = join(root, below);
  const [realRoot, real] = await Promise.all([root, path].map((each) => realpath(each).catch(() => null)));
  if (!realRoot || !real || real === join(realRoot, below)) return path;
  throw new DataRefused(refusal.code, `Your ${refusal.name} folder can't be used. ${ASK}`, `${path} is really ${real}`);
}

/** Folder name of a proposal key, another one for every key: `~~` occurs in no key, and long keys end in their hash. */
function keyFolder(key: string): string {
  const name = key.replaceAll(':', '~~');
  if (name.length <= FOLDER_MAX) return expandPath('{key}', { key: name });
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 40);
  return expandPath('{key}', { key: `${name.slice(0, 80)}~~${hash}` });
}
