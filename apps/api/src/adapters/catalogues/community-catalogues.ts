import { dirname } from 'node:path';
import { readYamlFile } from '@beamdesk/catalogue';
import { z } from 'zod';
import { insideFault } from '../../site/community-folders';
import { type CatalogueEntry, cataloguesFile } from './catalogues-schema';

/** The catalogues of one community, and the file that names them. */
export interface CommunityCatalogues {
  file: string;
  entries: CatalogueEntry[];
}

const outline = z.object({
  catalogues: z.array(
    z
      .object({ id: z.string(), kind: z.string(), file: z.string().nullable().catch(null) })
      .nullable()
      .catch(null),
  ),
});

/**
 * Reads and checks the catalogues a community brings along: files in its own folder. Servers, with their secrets, are
 * the site's to name.
 * @throws YamlInvalid naming file, line, column and field of every fault
 */
export async function loadCommunityCatalogues(file: string): Promise<CommunityCatalogues> {
  const folder = dirname(file);
  const { catalogues } = await readYamlFile(file, cataloguesFile, (raw, report) => {
    const seen = new Set<string>();
    outline.safeParse(raw).data?.catalogues.forEach((entry, i) => {
      if (!entry) return;
      if (seen.has(entry.id)) report(['catalogues', i, 'id'], `'${entry.id}' occurs twice`);
      seen.add(entry.id);
      if (entry.kind !== 'file')
        report(['catalogues', i, 'kind'], 'must be file: servers are named in CATALOGUES_FILE');
      if (entry.file === null) return;
      const fault = pathFault(folder, entry.file);
      if (fault) report(['catalogues', i, 'file'], fault);
    });
  });
  return { file, entries: catalogues };
}

function pathFault(folder: string, name: string): string | null {
  if (name.startsWith('/')) return 'must be relative to the folder of the community';
  return name.split('/').includes('..') ? 'must not hold ..' : insideFault(folder, name);
}
