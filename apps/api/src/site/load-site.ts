import { readFile } from 'node:fs/promises';
import { parseYaml } from '@beamdesk/catalogue';
import { checkScriptFiles, readScript } from './boot-scripts';
import { checkSite } from './site-references';
import { siteFile } from './site-schema';
import type { Site } from './site';

/**
 * Reads and checks SITE_FILE and the boot scripts it names; `{dataDir}` in it becomes the data folder.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when it cannot be read
 */
export async function loadSite(file: string, dataDir: string): Promise<Site> {
  if (!/^\/[^"'\\\n\r{}]*$/.test(dataDir)) throw new Error(`DATA_DIR must be a plain absolute path, is ${dataDir}`);
  const text = await readFile(file, 'utf8');
  const expanded = text.replaceAll('{dataDir}', dataDir.replace(/\/+$/, ''));
  const { keyboard, plans, ...site } = parseYaml(file, expanded, siteFile, (raw, report) => {
    checkSite(raw, report);
    checkScriptFiles(file, raw, report);
  });
  return {
    ...site,
    plans: plans.map((plan) => ({
      ...plan,
      // Null is an answer of its own: this plan's keyboard stays as its image has it.
      keyboard: plan.keyboard === undefined ? keyboard : plan.keyboard,
      bootScript: plan.bootScript && readScript(file, plan.bootScript),
    })),
  };
}
