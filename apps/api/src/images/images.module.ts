import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit';
import { Config } from '../config';
import { DesktopsModule } from '../desktops/desktops.module';
import { convertImage, fetchImage, inspectImage } from './intake';
import { ImageIntake } from './job/image-intake';
import { ImageStore } from './job/image-store';
import { IntakeLife } from './job/intake-life';
import { IntakeTools } from './job/intake-tools';
import { ImageRegistry } from './registry/image-registry';
import { ImageVersions } from './registry/image-versions';
import { ImageViews } from './registry/image-views';
import { ImagesController } from './registry/images.controller';
import { Sources } from './registry/sources';
import { Trials } from './trial/trials';
import { Uploads } from './uploads/uploads';
import { UploadsController } from './uploads/uploads.controller';

/** Images that facility admins register, and what takes them in; what machines boot is `Images`, of the site's module. */
@Module({
  imports: [DesktopsModule],
  controllers: [ImagesController, UploadsController],
  providers: [
    ImageRegistry,
    ImageVersions,
    ImageViews,
    Trials,
    { provide: Uploads, inject: [Config], useFactory: (config: Config) => new Uploads(config) },
    {
      provide: Sources,
      inject: [Config, Uploads],
      useFactory: (config: Config, uploads: Uploads) => new Sources(config, uploads),
    },
    { provide: IntakeTools, useValue: { inspect: inspectImage, convert: convertImage, fetch: fetchImage } },
    {
      provide: ImageIntake,
      inject: [DataSource, Config, Audit, Sources, Uploads, IntakeTools],
      useFactory: (dataSource: DataSource, config: Config, audit: Audit, sources: Sources, uploads: Uploads, tools: IntakeTools) =>
        new ImageIntake(dataSource, config, audit, sources, uploads, new ImageStore(dataSource, config.dataDir), tools),
    },
    IntakeLife,
  ],
})
export class ImagesModule {}
