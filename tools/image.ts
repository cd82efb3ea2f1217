/** `npm run image`: builds a recipe of images/ and gives it to the portal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKOUT, layoutOf } from './start/layout.ts';
import { readSite } from './start/site.ts';

const RECIPES = join(CHECKOUT, 'images');
const recipes = readdirSync(RECIPES).filter((name) => existsSync(join(RECIPES, name, 'recipe.yaml')));

const USAGE = `npm run image -- build NAME [--register]

  build NAME    makes the image of the recipe images/NAME, or finds it made; prints its folder
  --register    puts it where the portal has its images, too: a portal that runs takes it as the active version of that image
                within seconds, the former version is retired, desktops that run keep theirs

Recipes: ${recipes.join(', ')}
Settings: IMAGES_DIR (else images/ in BEAMDESK_DATA, else data/images), SITE_FILE, as npm start has them.
`;

class UsageError extends Error {}

/** What there is to do: null = to be told how. @throws UsageError */
function orderOf(words: string[]): { recipe: string; register: boolean } | null {
  const { values, positionals } = parse(words);
  if (values.help === true || words.length === 0) return null;
  const [what, recipe, ...more] = positionals;
  if (what !== 'build' || recipe === undefined || more.length > 0) throw new UsageError('say: build NAME');
  if (!recipes.includes(recipe)) throw new UsageError(`no recipe ${recipe}; there are: ${recipes.join(', ')}`);
  return { recipe, register: values.register === true };
}

function parse(words: string[]) {
  try {
    const options = { register: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The folder of the portal's images: there already, or of a portal that was not started yet. */
function imagesFolder(env: NodeJS.ProcessEnv, data: string): string {
  const folder = env['IMAGES_DIR'] ? resolve(env['IMAGES_DIR']) : layoutOf(data).images;
  if (env['IMAGES_DIR'] && !existsSync(folder)) throw new UsageError(`IMAGES_DIR: there is no ${folder}`);
  return folder;
}

/** Registers only what the site means to offer: an image is the site's by being named in its file. @throws UsageError */
function demandNamed(env: NodeJS.ProcessEnv, data: string, recipe: string): void {
  const { file, images } = readSite(CHECKOUT, data, env);
  if (images.includes(recipe)) return;
  throw new UsageError(`${file} does not name the image ${recipe}. Add to its list "images":  - id: ${recipe}`);
}

/** The builder is a program of its own; it prints the folder. @returns its exit code */
async function build(...words: string[]): Promise<number> {
  const child = spawn(process.execPath, [join(RECIPES, 'build.ts'), ...words], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function main(words: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const order = orderOf(words);
  if (!order) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { recipe, register } = order;
  if (!register) return build(recipe);
  const data = resolve(env['BEAMDESK_DATA'] || join(CHECKOUT, 'data'));
  // Both before the build, which takes minutes.
  demandNamed(env, data, recipe);
  return build(recipe, '--out', imagesFolder(env, data));
}

main(process.argv.slice(2), process.env).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`image: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
