import {
  Catalogue,
  type CatalogueAccount,
  FileCatalogue,
  type FileCatalogueOptions,
  JoinedCatalogue,
} from '@beamdesk/catalogue';
import { FactoryProvider, Logger } from '@nestjs/common';
import { KeptCatalogueSessions } from '../catalogue-sessions/kept-catalogue-sessions';
import { Config } from '../config';
import { Site } from '../site/site';
import { CatalogueEntries } from './catalogues/catalogue-entries';
import { openCatalogue } from './catalogues/open-catalogue';

interface Opened {
  catalogue: Catalogue;
  /** The file that names it. */
  file: string;
}

export const catalogueProvider: FactoryProvider<Catalogue> = {
  provide: Catalogue,
  inject: [Config, Site, CatalogueEntries, KeptCatalogueSessions],
  useFactory: async (
    config: Config,
    site: Site,
    entries: CatalogueEntries,
    kept: KeptCatalogueSessions,
  ): Promise<Catalogue> => {
    const sessionOf = (account: CatalogueAccount) => kept.of(account);
    const fileOptions = logged(new Logger('Catalogue'));
    const { source, file } = config.catalogue;
    const { beamlines } = site;
    const named = [{ file, entries: entries.all }, ...entries.ofCommunities];
    const opened: Opened[] = await Promise.all([
      ...(source === 'one' ? [FileCatalogue.open(file, fileOptions).then((catalogue) => ({ catalogue, file }))] : []),
      ...named.flatMap((one) =>
        one.entries.map(async (entry) => ({
          catalogue: await openCatalogue(entry, { file: one.file, beamlines, fileOptions, sessionOf }),
          file: one.file,
        })),
      ),
    ]);
    checkIds(opened);
    const [only, ...others] = opened.map(({ catalogue }) => catalogue);
    return only && others.length === 0 ? only : new JoinedCatalogue(only ? [only, ...others] : []);
  },
};

/** A person's account would be good in both. */
function checkIds(opened: readonly Opened[]): void {
  const first = new Map<string, string>();
  for (const { catalogue, file } of opened) {
    const other = first.get(catalogue.id);
    if (other !== undefined) throw new Error(`the catalogue '${catalogue.id}' occurs in ${other} and in ${file}`);
    first.set(catalogue.id, file);
  }
}

function logged(logger: Logger): FileCatalogueOptions {
  return {
    onBroken: (error) => logger.error(`the last good contents stay in use: ${error.message}`),
    onReload: (proposals) => logger.log(`read anew: ${proposals} proposals`),
  };
}
