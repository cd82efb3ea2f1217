import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { StartFault } from './fault.ts';

/** The name of the one host that the start makes of this computer. */
export const HOST = 'local';

/** What the start itself needs to know of the site's description; the api validates the whole of it. */
export interface Site {
  file: string;
  catalogueFile: string;
  /** Names the site's catalogues, in place of `catalogueFile`; null: there is just that one. */
  cataloguesFile: string | null;
  /** Names identity providers beside the demo's own; null: there is just that one. */
  providersFile: string | null;
  peopleFile: string;
  /** Ids of the images the site and its communities name. */
  images: string[];
  /** Folders that a machine may be shown parts of. */
  dataRoots: string[];
  /** Folder of the people's home folders; null: there are none. */
  homeRoot: string | null;
  /** NFS servers that machines may mount from. */
  nfsServers: string[];
  /** PCI addresses of this computer's graphics cards that machines may have. */
  gpus: string[];
}

/** The demo site unless settings name another; the folders of its files are shown to the api. */
export function readSite(checkout: string, data: string, env: NodeJS.ProcessEnv): Site {
  const demo = join(checkout, 'config/demo');
  const file = env['SITE_FILE'] || join(demo, 'site.yaml');
  const site = load(file);
  const communities = communityFiles(file, site['communities']).map(load);
  const images = [site, ...communities].flatMap((one) =>
    list(one['images']).map((image) => String(record(image)['id'])),
  );
  const placed = (path: unknown) => String(path).replaceAll('{dataDir}', data);
  const { roots: named, home, nfs } = record(site['data']);
  const roots = list(named).map(placed);
  const homeRoot = record(home)['root'];
  const host = record(list(site['hosts']).find((each) => record(each)['name'] === HOST));
  return {
    file,
    catalogueFile: env['CATALOGUE_FILE'] || join(demo, 'catalogue.yaml'),
    cataloguesFile: env['CATALOGUES_FILE'] || null,
    providersFile: env['IDENTITY_PROVIDERS_FILE'] || null,
    peopleFile: env['DEMO_PEOPLE_FILE'] || join(demo, 'people.yaml'),
    images,
    dataRoots: roots.length > 0 ? roots : [join(data, 'proposals')],
    homeRoot: homeRoot === undefined ? null : placed(homeRoot),
    nfsServers: list(nfs).map(String),
    gpus: list(record(host['gpus'])['allow']).map(String),
  };
}

/** The folders that hold the site's files, each once. */
export function siteFolders(site: Site): string[] {
  const files = [site.file, site.catalogueFile, site.cataloguesFile, site.providersFile, site.peopleFile];
  return [...new Set(files.flatMap((file) => (file === null ? [] : dirname(file))))];
}

/** What is wrong with the folder is the api's to say. */
function communityFiles(siteFile: string, folder: unknown): string[] {
  const root = join(dirname(siteFile), typeof folder === 'string' ? folder : '');
  if (typeof folder !== 'string' || !existsSync(root)) return [];
  const names = readdirSync(root).sort();
  return names.map((name) => join(root, name, 'community.yaml')).filter((file) => existsSync(file));
}

function load(file: string): Record<string, unknown> {
  try {
    return record(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new StartFault(`${file} cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
