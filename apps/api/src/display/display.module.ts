import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { SessionsModule } from '../sessions/sessions.module';
import { DisplayController } from './display.controller';
import { DisplayService } from './display.service';

/** The size of guests' screens, as pages ask for it; what carries it out is the worker's. */
@Module({ imports: [InstancesModule, SessionsModule], controllers: [DisplayController], providers: [DisplayService] })
export class DisplayModule {}
