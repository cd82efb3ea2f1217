import { type Beamline, readYamlFile } from '@beamdesk/catalogue';
import { checkCatalogues } from './catalogues-faults';
import { type CatalogueEntry, cataloguesFile } from './catalogues-schema';

export interface LoadOptions {
  /** The site's, which instruments of the catalogues are mapped to. */
  beamlines: readonly Beamline[];
}

/**
 * Reads and checks CATALOGUES_FILE and the credentials it names.
 * @throws YamlInvalid naming file, line, column and field of every fault; the system's error when it cannot be read
 */
export async function loadCatalogues(file: string, options: LoadOptions): Promise<CatalogueEntry[]> {
  const known = new Set(options.beamlines.map(({ id }) => id));
  const { catalogues } = await readYamlFile(file, cataloguesFile, (raw, report) =>
    checkCatalogues(file, known, raw, report),
  );
  return catalogues;
}
