import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findGuacd, guacdSource } from '../guacd/find-guacd.ts';
import type { Guacd } from '../guacd/find-guacd.ts';
import { initialise } from '../postgres/cluster.ts';
import { databaseOf } from './database.ts';
import { StartFault } from './fault.ts';
import { makeFolders } from './folders.ts';
import { installPackages } from './install-packages.ts';
import { cacheFolder, layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { choosePorts } from './ports.ts';
import { CommandFailed, run } from './run.ts';
import { step } from './say.ts';
import { makeSecrets } from './secrets.ts';
import type { House } from './services.ts';
import { readSite } from './site.ts';
import type { Site } from './site.ts';
import { GUACD_PACKAGES, START_PACKAGES } from './system-packages.ts';
import { buildWorkspace } from './workspace-build.ts';

/** Brings everything a start needs into being: system packages, builds, images, demo data, secrets, database files. */
export async function prepare(checkout: string, data: string, port: number, env: NodeJS.ProcessEnv): Promise<House> {
  const layout = layoutOf(data);
  const site = readSite(checkout, data, env);
  const setting = env['BEAMDESK_GUACD'];
  await installPackages([...START_PACKAGES, ...(guacdSource(setting) === 'private' ? GUACD_PACKAGES : [])]);
  makeFolders(layout);
  makeSecrets(layout.secrets);
  const ports = await choosePorts(data);
  const database = databaseOf(layout, ports, env);
  const { cluster } = database;
  const [guacd] = await Promise.all([
    provideGuacd(setting, env),
    buildWorkspace(checkout),
    provideImages(checkout, layout, site),
    provideDemoData(checkout, layout),
    cluster ? step('database', () => initialise(cluster)) : null,
  ]);
  const absent = site.dataRoots.find((root) => !existsSync(root));
  if (absent) throw new StartFault(`the data root ${absent} of ${site.file} does not exist`);
  return { checkout, layout, port, ports, database, guacd, site, env };
}

function provideGuacd(setting: string | undefined, env: NodeJS.ProcessEnv): Promise<Guacd> {
  return step('guacd', (news) => findGuacd(setting, { cache: cacheFolder(env), news }));
}

/** The images the site names and this checkout has a recipe for, one after the other; others must lie there already. */
async function provideImages(checkout: string, layout: Layout, site: Site): Promise<void> {
  for (const image of site.images) {
    if (existsSync(join(checkout, 'images', image, 'recipe.yaml'))) {
      await ownProgram(checkout, `image ${image}`, ['images/build.ts', image, '--out', layout.images]);
    } else if (!existsSync(join(layout.images, image, 'image.json'))) {
      throw new StartFault(`the site names the image ${image}, but there is no recipe images/${image} and no ${layout.images}/${image}`);
    }
  }
}

async function provideDemoData(checkout: string, layout: Layout): Promise<void> {
  mkdirSync(layout.proposals, { recursive: true });
  await ownProgram(checkout, 'demo data', ['tools/demo-data.ts', layout.proposals]);
}

/** Runs a program of this checkout that must not outlive us; its last line of complaint becomes ours. */
async function ownProgram(checkout: string, name: string, [file = '', ...args]: string[]): Promise<void> {
  const node = join(checkout, 'node_modules/.bin/node');
  await step(name, (news) =>
    run(['setpriv', '--pdeathsig', 'TERM', '--', node, join(checkout, file), ...args], {
      cwd: checkout,
      onLine: (line) => news(line.replace(/^\[ *[\d.]+ s\] \S+: /, '')),
    }).catch(
      (error: unknown) => {
        const output = error instanceof CommandFailed ? error.output : String(error);
        throw new StartFault(`${name}: ${lastWords(output)}`);
      },
    ),
  );
}

/** The last line that says something; a stack and Node's version below it do not. */
function lastWords(output: string): string {
  const lines = output.trim().split('\n').filter((line) => !/^\s+at |^Node\.js v|^[\s}]*$/.test(line));
  return lines.at(-1) ?? 'failed without a word';
}
