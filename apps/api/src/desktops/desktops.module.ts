import { Module } from '@nestjs/common';
import { AnnouncementsModule } from '../announcements/announcements.module';
import { GpusModule } from '../gpus/gpus.module';
import { InstancesModule } from '../instances/instances.module';
import { ProposalsModule } from '../proposals/proposals.module';
import { QuotasModule } from '../quotas/quotas.module';
import { DesktopsController } from './desktops.controller';
import { DesktopsService } from './desktops.service';
import { HostRooms } from './host-room';
import { LaunchQueue } from './launch-queue';
import { QueueKeeper } from './queue-keeper';
import { QueueLife } from './queue-life';
import { LaunchPlanner } from './launch-planner';

@Module({
  imports: [AnnouncementsModule, GpusModule, InstancesModule, ProposalsModule, QuotasModule],
  controllers: [DesktopsController],
  providers: [DesktopsService, LaunchPlanner, HostRooms, LaunchQueue, QueueKeeper, QueueLife],
  exports: [DesktopsService],
})
export class DesktopsModule {}
