import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { DesktopActions } from './desktop-actions';
import { MessagesOfDesktops } from './desktop-messages';
import { DesktopMonitor } from './desktop-monitor';
import { HostMonitor } from './host-monitor';
import { MessagesController } from './messages.controller';
import { MonitorController } from './monitor.controller';
import { MonitorSight } from './monitor-sight';
import { Usage } from './usage';
import { UsageController } from './usage.controller';

/** The whole site at a glance, for the staff; and what they write to owners of desktops. */
@Module({
  imports: [InstancesModule],
  controllers: [MonitorController, UsageController, MessagesController],
  providers: [DesktopActions, DesktopMonitor, HostMonitor, MessagesOfDesktops, MonitorSight, Usage],
})
export class MonitorModule {}
