import { Module } from '@nestjs/common';
import { Config } from '../config';
import { LaunchesModule } from '../launches/launches.module';
import { ConsoleSecrets } from './console-secrets';
import { InstanceAccess } from './instance-access';
import { InstanceSettings, instanceSettings } from './instance-settings';
import { InstanceViews } from './instance-view';
import { InstancesController } from './instances.controller';
import { InstancesRepository } from './instances.repository';
import { InstancesService } from './instances.service';
import { PortReservations } from './port-reservations';

/** Instances as both roles of the api need them; what runs them is the worker module's. */
@Module({
  imports: [LaunchesModule],
  controllers: [InstancesController],
  providers: [
    InstancesService,
    InstancesRepository,
    PortReservations,
    InstanceAccess,
    InstanceViews,
    {
      provide: ConsoleSecrets,
      inject: [Config],
      useFactory: (config: Config) => new ConsoleSecrets(config.consoleKey.reveal()),
    },
    { provide: InstanceSettings, inject: [Config], useFactory: instanceSettings },
  ],
  exports: [LaunchesModule, InstancesRepository, InstanceAccess, InstanceViews, ConsoleSecrets, InstanceSettings],
})
export class InstancesModule {}
