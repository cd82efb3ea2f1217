import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module';
import { InstancesModule } from '../instances/instances.module';
import { OperationsServer } from './operations-server';
import { SiteFigures } from './site-figures';

/** What operators ask of a process. */
@Module({ imports: [HealthModule, InstancesModule], providers: [OperationsServer, SiteFigures] })
export class MetricsModule {}
