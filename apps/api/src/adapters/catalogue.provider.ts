import { Catalogue, FileCatalogue } from '@beamdesk/catalogue';
import { FactoryProvider, Logger } from '@nestjs/common';
import { Config } from '../config';

export const catalogueProvider: FactoryProvider<Catalogue> = {
  provide: Catalogue,
  inject: [Config],
  useFactory: (config: Config): Promise<Catalogue> => {
    const logger = new Logger('Catalogue');
    return FileCatalogue.open(config.catalogueFile, {
      onBroken: (error) => logger.error(`the last good contents stay in use: ${error.message}`),
      onReload: (proposals) => logger.log(`read anew: ${proposals} proposals`),
    });
  },
};
