import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { TicketsRepository } from '../tickets/tickets.repository';
import { Closings } from './closings';
import { DesktopSessionsRepository } from './desktop-sessions.repository';
import { Redeemer } from './redeemer';
import { SessionLife } from './session-life';
import { SessionRights } from './session-rights';
import { SessionSweeper } from './session-sweeper';

/** Live connections of browsers to desktops: who may have one, and when it ends. */
@Module({
  imports: [InstancesModule],
  providers: [
    TicketsRepository,
    DesktopSessionsRepository,
    SessionRights,
    Redeemer,
    SessionLife,
    Closings,
    SessionSweeper,
  ],
  exports: [TicketsRepository, SessionRights, Redeemer, SessionLife, Closings],
})
export class SessionsModule {}
