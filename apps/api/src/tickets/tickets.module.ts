import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { SessionsModule } from '../sessions/sessions.module';
import { TicketsController } from './tickets.controller';
import { TicketsService } from './tickets.service';

@Module({ imports: [InstancesModule, SessionsModule], controllers: [TicketsController], providers: [TicketsService] })
export class TicketsModule {}
