import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module';
import { QuotasModule } from '../quotas/quotas.module';
import { CopiedLists } from './copied-lists';
import { Favourites } from './favourites';
import { FollowedRestores } from './followed-restores';
import { ProposalAccess } from './proposal-access';
import { ProposalsController } from './proposals.controller';
import { ProposalsService } from './proposals.service';
import { Restores } from './restores';
import { RestoreFollower } from './restore-follower';
import { RestoresController } from './restores.controller';

@Module({
  imports: [InstancesModule, QuotasModule],
  controllers: [ProposalsController, RestoresController],
  providers: [
    ProposalsService,
    ProposalAccess,
    CopiedLists,
    Favourites,
    Restores,
    FollowedRestores,
    RestoreFollower,
  ],
  exports: [ProposalAccess, FollowedRestores],
})
export class ProposalsModule {}
