import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { SessionsModule } from '../sessions/sessions.module';
import { FileAccess } from './file-access';
import { FilesController } from './files.controller';
import { FilesService } from './files.service';
import { Transfers } from './transfers';

/** Files between browsers and running desktops. */
@Module({
  imports: [InstancesModule, SessionsModule],
  controllers: [FilesController],
  providers: [FileAccess, Transfers, FilesService],
})
export class FilesModule {}
