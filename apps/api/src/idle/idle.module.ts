import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { IdleController } from './idle.controller';
import { IdleLife } from './idle-life';
import { IdleMails } from './idle-mails';
import { IdleService } from './idle.service';
import { IdleWatch } from './idle-watch';

/** Desktops that nobody uses. */
@Module({
  imports: [InstancesModule],
  controllers: [IdleController],
  providers: [IdleWatch, IdleLife, IdleMails, IdleService],
})
export class IdleModule {}
