import { Catalogue, FileCatalogue, type FileCatalogueOptions, JoinedCatalogue } from '@beamdesk/catalogue';
import { FactoryProvider, Logger } from '@nestjs/common';
import { Config } from '../config';
import { Site } from '../site/site';
import { CatalogueEntries } from './catalogues/catalogue-entries';
import { openCatalogue } from './catalogues/open-catalogue';

export const catalogueProvider: FactoryProvider<Catalogue> = {
  provide: Catalogue,
  inject: [Config, Site, CatalogueEntries],
  useFactory: async (config: Config, site: Site, entries: CatalogueEntries): Promise<Catalogue> => {
    const fileOptions = logged(new Logger('Catalogue'));
    const { source } = config.catalogue;
    if (source === 'one') return FileCatalogue.open(config.catalogue.file, fileOptions);
    const { file } = config.catalogue;
    const { beamlines } = site;
    const opened = await Promise.all(
      entries.all.map((entry) => openCatalogue(entry, { file, beamlines, fileOptions })),
    );
    const [only, ...others] = opened;
    return only && others.length === 0 ? only : new JoinedCatalogue(opened);
  },
};

function logged(logger: Logger): FileCatalogueOptions {
  return {
    onBroken: (error) => logger.error(`the last good contents stay in use: ${error.message}`),
    onReload: (proposals) => logger.log(`read anew: ${proposals} proposals`),
  };
}
