import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { ImageVersionEntity } from '../images/entities/image-version.entity';
import { Images } from '../images/images';
import { Plans } from '../plans/plans';
import { loadSite } from './load-site';
import { PathRules } from './path-rules';
import { Site } from './site';
import { SiteTables } from './site-tables';

/** What the site is and offers. A fault in SITE_FILE stops the start with its line. */
@Global()
@Module({
  providers: [
    { provide: Site, inject: [Config], useFactory: (config: Config) => loadSite(config.siteFile, config.dataDir) },
    {
      provide: Images,
      inject: [Config, DataSource],
      useFactory: (config: Config, { manager }: DataSource) =>
        new Images(config, (imageId, number) => manager.findOneBy(ImageVersionEntity, { imageId, number })),
    },
    { provide: PathRules, inject: [Site], useFactory: (site: Site) => new PathRules(site) },
    {
      provide: Plans,
      inject: [DataSource, Site],
      useFactory: (dataSource: DataSource, site: Site) => new Plans(dataSource, site),
    },
    {
      provide: SiteTables,
      inject: [Site, Images, DataSource, Config],
      useFactory: (site: Site, images: Images, dataSource: DataSource, config: Config) =>
        new SiteTables(site, images, dataSource, config.roles.has('worker')),
    },
  ],
  exports: [Site, Images, PathRules, Plans],
})
export class SiteModule {}
