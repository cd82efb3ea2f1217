import type { FilePlace } from '@beamdesk/contracts';

/** What a desktop has as a rule; its own list comes with the first folder. */
export const USUAL_PLACES: readonly FilePlace[] = [
  { path: '/scratch', name: 'Scratch', writable: true },
  { path: '/data', name: 'Data', writable: false },
  { path: '/home/user', name: 'Home', writable: true },
];

/** One step of the way from a place to a folder. */
export interface Crumb {
  readonly name: string;
  readonly path: string;
}

const MAX_NAME_BYTES = 255;
const encoder = new TextEncoder();

export function join(folder: string, ...names: readonly string[]): string {
  return [folder, ...names].join('/');
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The place a path lies in. */
export function placeOf(path: string, places: readonly FilePlace[]): FilePlace | undefined {
  return places.find((place) => path === place.path || path.startsWith(`${place.path}/`));
}

/** From the place to the folder itself. */
export function crumbsOf(path: string, places: readonly FilePlace[]): readonly Crumb[] {
  const place = placeOf(path, places);
  if (!place) return [{ name: nameOf(path), path }];
  const crumbs: Crumb[] = [{ name: place.name, path: place.path }];
  let at = place.path;
  for (const name of path.slice(place.path.length).split('/').filter(Boolean)) {
    at = join(at, name);
    crumbs.push({ name, path: at });
  }
  return crumbs;
}

/** "Scratch › results": a folder as people call it. */
export function folderWords(path: string, places: readonly FilePlace[]): string {
  return crumbsOf(path, places)
    .map(({ name }) => name)
    .join(' › ');
}

/** Why the desktop can't have something of this name, and what to do; null where it can. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'Give it a name.';
  if (name === '.' || name === '..') return 'This name has a meaning of its own on the desktop. Choose another.';
  if (name.includes('/') || name.includes('\0')) return 'A name cannot hold a slash. Choose another.';
  if (!name.isWellFormed()) return 'The name holds letters that are no text. Rename it, then try again.';
  if (bytes(name) > MAX_NAME_BYTES)
    return `The name is too long: the desktop takes ${MAX_NAME_BYTES} bytes. Shorten it.`;
  return null;
}

/** "photo (2).jpg": a name beside those that are taken, no longer than names may be. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 2; ; number++) {
    const free = `${shortened(stem, bytes(` (${number})${extension}`))} (${number})${extension}`;
    if (!taken.has(free)) return free;
  }
}

/** A name as it is shown: what would end the line or hide is made visible. */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '�');
}

function shortened(stem: string, tail: number): string {
  const letters = [...stem];
  while (letters.length > 1 && bytes(letters.join('')) + tail > MAX_NAME_BYTES) letters.pop();
  return letters.join('');
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
