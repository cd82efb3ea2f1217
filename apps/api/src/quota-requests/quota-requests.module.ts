import { Module } from '@nestjs/common';
import { AuthorisationModule } from '../authorisation/authorisation.module';
import { InstancesModule } from '../instances/instances.module';
import { ProposalsModule } from '../proposals/proposals.module';
import { QuotasModule } from '../quotas/quotas.module';
import { OwnQuotaRequests } from './own-quota-requests';
import { QuotaRequestDecisions } from './quota-request-decisions';
import { QuotaRequestList } from './quota-request-list';
import { QuotaRequestsController } from './quota-requests.controller';
import { RequestedQuota } from './requested-quota';
import { RequestMails } from './request-mails';
import { RequestSubjects } from './request-subjects';

/** People ask for more quota or a longer life, staff decide. */
@Module({
  imports: [AuthorisationModule, InstancesModule, ProposalsModule, QuotasModule],
  controllers: [QuotaRequestsController],
  providers: [OwnQuotaRequests, RequestSubjects, QuotaRequestList, QuotaRequestDecisions, RequestMails, RequestedQuota],
})
export class QuotaRequestsModule {}
