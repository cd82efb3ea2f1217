import { existsSync, mkdirSync } from 'node:fs';
import { findGuacd, guacdSource } from '../guacd/find-guacd.ts';
import type { Guacd } from '../guacd/find-guacd.ts';
import { initialise } from '../postgres/cluster.ts';
import { databaseOf } from './database.ts';
import { StartFault } from './fault.ts';
import { makeFolders } from './folders.ts';
import { provideFirstImage } from './images.ts';
import { installPackages } from './install-packages.ts';
import { cacheFolder, layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { ownProgram } from './own-program.ts';
import { choosePorts } from './ports.ts';
import { step } from './say.ts';
import { makeSecrets } from './secrets.ts';
import type { House } from './services.ts';
import { readSite } from './site.ts';
import { GUACD_PACKAGES, START_PACKAGES } from './system-packages.ts';
import { buildWorkspace } from './workspace-build.ts';

/** Brings everything a start needs into being: system packages, builds, the first image, demo data, secrets, database files. */
export async function prepare(checkout: string, data: string, port: number, env: NodeJS.ProcessEnv): Promise<House> {
  const layout = layoutOf(data);
  const site = readSite(checkout, data, env);
  const setting = env['BEAMDESK_GUACD'];
  await installPackages([...START_PACKAGES, ...(guacdSource(setting) === 'private' ? GUACD_PACKAGES : [])]);
  makeFolders(layout, site.homeRoot);
  makeSecrets(layout.secrets);
  const ports = await choosePorts(data);
  const database = databaseOf(layout, ports, env);
  const { cluster } = database;
  const [guacd] = await Promise.all([
    provideGuacd(setting, env),
    buildWorkspace(checkout),
    provideFirstImage({ checkout, layout, site }),
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

async function provideDemoData(checkout: string, layout: Layout): Promise<void> {
  mkdirSync(layout.proposals, { recursive: true });
  await ownProgram({ checkout, name: 'demo data', command: ['tools/demo-data.ts', layout.proposals] });
}
