import { Module } from '@nestjs/common';
import { Config } from '../config';
import { LaunchesModule } from '../launches/launches.module';
import { QuotasModule } from '../quotas/quotas.module';
import { ConsoleSecrets } from './console-secrets';
import { EndingMails } from './ending-mails';
import { Extensions } from './extensions';
import { InstanceAccess } from './instance-access';
import { InstanceLife } from './instance-life';
import { InstanceSettings, instanceSettings } from './instance-settings';
import { InstanceViews } from './instance-view';
import { InstancesController } from './instances.controller';
import { InstancesRepository } from './instances.repository';
import { InstancesService } from './instances.service';
import { PortReservations } from './port-reservations';
import { QueuedRows } from './queued-rows';

/** Instances as both roles of the api need them; what runs them is the worker module's. */
@Module({
  imports: [LaunchesModule, QuotasModule],
  controllers: [InstancesController],
  providers: [
    InstancesService,
    InstancesRepository,
    PortReservations,
    QueuedRows,
    InstanceAccess,
    InstanceViews,
    InstanceLife,
    Extensions,
    EndingMails,
    {
      provide: ConsoleSecrets,
      inject: [Config],
      useFactory: (config: Config) => new ConsoleSecrets(config.consoleKey.reveal()),
    },
    { provide: InstanceSettings, inject: [Config], useFactory: instanceSettings },
  ],
  exports: [LaunchesModule, InstancesRepository, QueuedRows, InstanceAccess, InstanceViews, InstanceLife, ConsoleSecrets, InstanceSettings],
})
export class InstancesModule {}
