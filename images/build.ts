import { copyFileSync, constants, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage } from './builder/build-image.ts';
import { contentHash } from './builder/content-hash.ts';
import { asDiskFull, BuildFailure } from './builder/failure.ts';
import { ImageCache } from './builder/image-cache.ts';
import { Progress } from './builder/progress.ts';
import { loadRecipe } from './builder/recipe.ts';
import { requireTools } from './builder/run.ts';

const here = import.meta.dirname;

/** Puts a finished image at `<out>/<id>`: by hard links where the file system allows, else by copies. */
function publish(image: string, out: string, id: string): string {
  mkdirSync(out, { recursive: true, mode: 0o755 });
  const target = join(out, id);
  const fresh = `${target}.${process.pid}.tmp`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o755 });
  for (const name of readdirSync(image)) {
    try {
      linkSync(join(image, name), join(fresh, name));
    } catch {
      copyFileSync(join(image, name), join(fresh, name), constants.COPYFILE_FICLONE);
    }
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  return target;
}

/** Names of the recipes in this folder. */
export function recipes(): string[] {
  return readdirSync(here).filter((name) => existsSync(join(here, name, 'recipe.yaml')));
}

/** The content hash of what a recipe builds: its base, its folder, the agent, the builder. Same hash = same image folder. */
export function imageHash(recipe: string): string {
  const { release, folders } = loadRecipe(join(here, recipe));
  return contentHash(
    [
      ...folders.map((path) => ({ name: 'recipe', path })),
      { name: 'agent', path: join(here, 'agent/beamdesk-agent') },
      { name: 'builder', path: join(here, 'builder') },
    ],
    ['1', release],
  );
}

/** Whether `provideImage` would find the image ready. */
export function imageIsBuilt(recipe: string): boolean {
  return new ImageCache().has(imageHash(recipe));
}

/**
 * The image of a recipe: found in the cache, else built there (minutes).
 * @param recipe name of a folder beside this file
 * @param options.out where to put it as `<out>/<recipe>`; without it, the folder in the cache is the answer
 * @param options.print takes the progress lines
 * @returns the absolute path of the image's folder, readable by every user
 * @throws BuildFailure with one sentence when a tool is missing, the disk is full or a step fails
 */
export async function provideImage(
  recipe: string,
  options: { out?: string; print?: (line: string) => void } = {},
): Promise<string> {
  const folder = join(here, recipe);
  if (!recipes().includes(recipe)) {
    throw new BuildFailure(`no recipe ${recipe}; there are: ${recipes().join(', ')}`);
  }
  const print = options.print ?? ((line: string) => console.error(line));
  const parsed = loadRecipe(folder);
  if (parsed.id !== recipe) throw new BuildFailure(`${folder}/recipe.yaml: id must be ${recipe}, the folder's name`);
  const cache = new ImageCache();
  const progress = new Progress(recipe, print);
  try {
    requireTools(['flock', 'setpriv']);
    const image = await cache.provide(
      imageHash(recipe),
      (target, lock) =>
        buildImage(
          parsed,
          {
            agent: join(here, 'agent/beamdesk-agent'),
            diskBoot: join(here, 'builder/disk-boot'),
            target,
          },
          lock,
          progress,
        ),
      (line) => progress.say(line),
    );
    return options.out ? publish(image, resolve(options.out), recipe) : image;
  } catch (error) {
    throw asDiskFull(String(error), cache.path('')) ?? error;
  }
}

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
    const [recipe] = positionals;
    if (!recipe || positionals.length > 1) {
      throw new BuildFailure(`usage: node images/build.ts ${recipes().join('|')} [--out DIR]`);
    }
    console.log(await provideImage(recipe, values));
  } catch (error) {
    if (!(error instanceof BuildFailure) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    console.error(`images/build.ts: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
