import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { QuotasModule } from '../quotas/quotas.module';
import { CopiedLists } from './copied-lists';
import { Favourites } from './favourites';
import { ProposalAccess } from './proposal-access';
import { ProposalsController } from './proposals.controller';
import { ProposalsService } from './proposals.service';
import { Restores } from './restores';
import { RestoresController } from './restores.controller';

@Module({
  imports: [InstancesModule, QuotasModule],
  controllers: [ProposalsController, RestoresController],
  providers: [ProposalsService, ProposalAccess, CopiedLists, Favourites, Restores],
  exports: [ProposalAccess],
})
export class ProposalsModule {}
