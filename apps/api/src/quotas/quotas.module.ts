import { Module } from '@nestjs/common';
import { AuthorisationModule } from '../authorisation/authorisation.module';
import { LaunchQuota } from './launch-quota';
import { QuotaGlance } from './quota-glance';
import { QuotaNames } from './quota-names';
import { QuotaOverrides } from './quota-overrides';
import { QuotasController } from './quotas.controller';
import { QuotasService } from './quotas.service';
import { StaffQuotasController } from './staff-quotas.controller';
import { StaffQuotas } from './staff-quotas';
import { StaffSubjects } from './staff-subjects';
import { Standings } from './standings';

@Module({
  imports: [AuthorisationModule],
  controllers: [QuotasController, StaffQuotasController],
  providers: [
    QuotasService,
    Standings,
    QuotaNames,
    LaunchQuota,
    QuotaGlance,
    QuotaOverrides,
    StaffQuotas,
    StaffSubjects,
  ],
  exports: [QuotasService, Standings, QuotaNames, LaunchQuota, QuotaGlance, QuotaOverrides],
})
export class QuotasModule {}
