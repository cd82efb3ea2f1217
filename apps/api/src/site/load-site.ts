import { readFile } from 'node:fs/promises';
import { parseYaml } from '@beamdesk/catalogue';
import { checkSite } from './site-references';
import { siteFile } from './site-schema';
import type { Site } from './site';

/**
 * Reads and checks SITE_FILE; `{dataDir}` in it becomes the data folder.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when it cannot be read
 */
export async function loadSite(file: string, dataDir: string): Promise<Site> {
  if (!/^\/[^"'\\\n\r{}]*$/.test(dataDir)) throw new Error(`DATA_DIR must be a plain absolute path, is ${dataDir}`);
  const text = await readFile(file, 'utf8');
  return parseYaml(file, text.replaceAll('{dataDir}', dataDir.replace(/\/+$/, '')), siteFile, checkSite);
}
