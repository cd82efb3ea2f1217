import { Global, Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { ProposalsModule } from '../proposals/proposals.module';
import { QuotasModule } from '../quotas/quotas.module';
import { ChangeFeed } from './change-feed';
import { EventHub } from './event-hub';
import { EventUpgrades } from './event-upgrades';
import { PortalState } from './portal-state';
import { QuotaClock } from './quota-clock';
import { WaitingRoom } from './waiting-room';

/** Push to every open tab. Global: `ChangeFeed` is the one connection that hears changes. */
@Global()
@Module({
  imports: [InstancesModule, ProposalsModule, QuotasModule],
  providers: [ChangeFeed, PortalState, WaitingRoom, QuotaClock, EventHub, EventUpgrades],
  exports: [ChangeFeed],
})
export class EventsModule {}
