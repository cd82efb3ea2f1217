import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Module({ imports: [InstancesModule], controllers: [HealthController], providers: [Readiness], exports: [Readiness] })
export class HealthModule {}
