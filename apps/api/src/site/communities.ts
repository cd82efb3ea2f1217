import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml, type ReportFault, YamlInvalid } from '@beamdesk/catalogue';
import { z } from 'zod';
import { checkScriptFiles } from './boot-scripts';
import { COMMUNITY_FILE, type CommunityFolder, insideFault } from './community-folders';
import { checkCommunityData, type DataBounds } from './community-data';
import { type CommunityFile, communityFile } from './community-schema';
import { checkSections, type Declared } from './site-references';

export interface ReadCommunity extends CommunityFolder {
  /** Absolute path of its `community.yaml`. */
  file: string;
  content: CommunityFile;
}

/** Files of the folder that its file names; every other fault is the schema's to say. */
const named = z.object({
  catalogues: z.string().nullable().catch(null),
  plans: z
    .array(
      z
        .object({ bootScript: z.object({ file: z.string() }) })
        .nullable()
        .catch(null),
    )
    .catch([]),
});

/**
 * Reads and checks the files of all communities. What a community says may refer to its own and to the site's; ids
 * and terms are unique over all of them.
 * @param site what the site file declares
 * @param bounds where data may lie
 * @param expand puts settings into a file's text
 */
export function readCommunities(
  folders: readonly CommunityFolder[],
  site: Declared,
  bounds: DataBounds,
  expand: (text: string) => string,
): { communities: ReadCommunity[]; faults: YamlInvalid[] } {
  const taken: Declared[] = [site];
  const communities: ReadCommunity[] = [];
  const faults: YamlInvalid[] = [];
  for (const folder of folders) {
    const file = join(folder.path, COMMUNITY_FILE);
    try {
      const content = parseYaml(file, expand(readFileSync(file, 'utf8')), communityFile, (raw, report, locate) => {
        const declared = checkSections({ raw, report, locate, taken, visible: [site] });
        taken.push(declared);
        checkCommunityData(raw, bounds, (id) => declared.beamlines.has(id), report);
        checkNamedFiles(folder.path, raw, report);
        checkScriptFiles(file, raw, report, (name) => insideFault(folder.path, name) === null);
      });
      communities.push({ ...folder, file, content });
    } catch (error) {
      if (!(error instanceof YamlInvalid)) throw error;
      faults.push(error);
    }
  }
  return { communities, faults };
}

function checkNamedFiles(folder: string, raw: unknown, report: ReportFault): void {
  const files = named.safeParse(raw).data;
  const check = (name: string | null | undefined, path: PropertyKey[]) => {
    // Names that leave the folder are the schema's to refuse; nothing is looked for there.
    if (!name || name.startsWith('/') || name.split('/').includes('..')) return;
    const fault = insideFault(folder, name);
    if (fault) report(path, fault);
  };
  check(files?.catalogues, ['catalogues']);
  files?.plans.forEach((plan, i) => check(plan?.bootScript.file, ['plans', i, 'bootScript', 'file']));
}
