import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { QuotasModule } from '../quotas/quotas.module';
import { Favourites } from './favourites';
import { ProposalAccess } from './proposal-access';
import { ProposalsController } from './proposals.controller';
import { ProposalsService } from './proposals.service';

@Module({
  imports: [InstancesModule, QuotasModule],
  controllers: [ProposalsController],
  providers: [ProposalsService, ProposalAccess, Favourites],
  exports: [ProposalAccess],
})
export class ProposalsModule {}
