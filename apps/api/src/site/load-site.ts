import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseYaml, YamlInvalid } from '@beamdesk/catalogue';
import { z } from 'zod';
import { checkScriptFiles, readScript, scriptFile } from './boot-scripts';
import { type ReadCommunity, readCommunities } from './communities';
import { type DataBounds, dataBounds } from './community-data';
import { communityFolders } from './community-folders';
import { checkSections, checkSite, type Declared } from './site-references';
import { type PlanEntry, siteFile } from './site-schema';
import type { Site, SitePlan } from './site';

const root = z.object({ communities: scriptFile });

/**
 * Reads and checks SITE_FILE, the folders of its communities, and the boot scripts they name; `{dataDir}` becomes the
 * data folder in all of them.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when SITE_FILE cannot be
 *   read
 */
export async function loadSite(file: string, dataDir: string): Promise<Site> {
  if (!/^\/[^"'\\\n\r{}]*$/.test(dataDir)) throw new Error(`DATA_DIR must be a plain absolute path, is ${dataDir}`);
  const expand = (text: string) => text.replaceAll('{dataDir}', dataDir.replace(/\/+$/, ''));
  const text = expand(await readFile(file, 'utf8'));
  const faults: YamlInvalid[] = [];
  let communities: ReadCommunity[] = [];
  const read = (folder: string, declared: Declared, bounds: DataBounds): string[] => {
    const found = communityFolders(join(dirname(file), folder));
    const all = readCommunities(found.folders, declared, bounds, expand);
    communities = all.communities;
    faults.push(...all.faults);
    return found.faults;
  };
  const own = parsedOrFaults(faults, () =>
    parseYaml(file, text, siteFile, (raw, report, locate) => {
      const declared = checkSections({ raw, report, locate });
      checkSite(raw, report);
      checkScriptFiles(file, raw, report);
      const folder = root.safeParse(raw).data?.communities;
      if (folder === undefined) return;
      for (const fault of read(folder, declared, dataBounds(raw))) report(['communities'], fault);
    }),
  );
  const [first, ...others] = faults;
  if (first) throw YamlInvalid.all([first, ...others]);
  if (!own) throw new Error(`${file} was not read`);
  const { keyboard, ...site } = own;
  const contents = communities.map(({ content }) => content);
  return {
    ...site,
    techniques: [...site.techniques, ...contents.flatMap((community) => community.techniques)],
    beamlines: [...site.beamlines, ...contents.flatMap((community) => community.beamlines)],
    images: [...site.images, ...contents.flatMap((community) => community.images)],
    flavours: [...site.flavours, ...contents.flatMap((community) => community.flavours)],
    plans: [
      ...site.plans.map((plan) => sitePlan(file, plan, keyboard)),
      ...communities.flatMap((one) => one.content.plans.map((plan) => sitePlan(one.file, plan, keyboard))),
    ],
    // First, because the site's last rule may be for all proposals; each keeps to beamlines of its own community.
    data: { ...site.data, rules: [...contents.flatMap(({ data }) => data?.rules ?? []), ...site.data.rules] },
    communities: communities.map(({ id, path, content }) => ({
      id,
      name: content.name,
      catalogues: content.catalogues === undefined ? null : join(path, content.catalogues),
    })),
  };
}

/** The faults of a file go in front of those of the files it names. */
function parsedOrFaults<T>(faults: YamlInvalid[], parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof YamlInvalid)) throw error;
    faults.unshift(error);
    return null;
  }
}

function sitePlan(file: string, plan: PlanEntry, keyboard: string | null): SitePlan {
  return {
    ...plan,
    // Null is an answer of its own: this plan's keyboard stays as its image has it.
    keyboard: plan.keyboard === undefined ? keyboard : plan.keyboard,
    bootScript: plan.bootScript && readScript(file, plan.bootScript),
  };
}
