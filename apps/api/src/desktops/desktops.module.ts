import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { ProposalsModule } from '../proposals/proposals.module';
import { QuotasModule } from '../quotas/quotas.module';
import { DesktopsController } from './desktops.controller';
import { DesktopsService } from './desktops.service';
import { HostRooms } from './host-room';
import { LaunchPlanner } from './launch-planner';

@Module({
  imports: [InstancesModule, ProposalsModule, QuotasModule],
  controllers: [DesktopsController],
  providers: [DesktopsService, LaunchPlanner, HostRooms],
})
export class DesktopsModule {}
