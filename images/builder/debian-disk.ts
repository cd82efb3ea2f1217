import type { BuildPlaces } from './build-image.ts';
import { BuildFailure } from './failure.ts';
import type { Kernel } from './kernel.ts';
import type { Progress } from './progress.ts';
import type { Recipe } from './recipe.ts';

/** Tools that only a Debian system on a disk needs. */
export function debianTools(): string[] {
  return ['mmdebstrap', 'mkfs.ext4'];
}

/** Makes the disk of a `debian` recipe. */
export async function buildDebianDisk(
  recipe: Recipe,
  _places: BuildPlaces,
  _kernel: Kernel,
  _paths: { work: string; disk: string; lock: number },
  _progress: Progress,
): Promise<void> {
  throw new BuildFailure(`${recipe.id}: not built yet`);
}
