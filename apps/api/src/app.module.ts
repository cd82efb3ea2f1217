import { DynamicModule, Module } from '@nestjs/common';
import { AdaptersModule } from './adapters/adapters.module';
import { AnnouncementsModule } from './announcements/announcements.module';
import { AuditModule } from './audit/audit.module';
import { AuthModule } from './auth/auth.module';
import { CatalogueCopyModule } from './catalogue-copy/catalogue-copy.module';
import { CatalogueSessionsModule } from './catalogue-sessions/catalogue-sessions.module';
import { AuthorisationModule } from './authorisation/authorisation.module';
import { Config, ConfigModule } from './config';
import { DatabaseModule } from './database/database.module';
import { DesktopsModule } from './desktops/desktops.module';
import { DisplayModule } from './display/display.module';
import { EventsModule } from './events/events.module';
import { FilesModule } from './files/files.module';
import { HealthModule } from './health/health.module';
import { GpusModule } from './gpus/gpus.module';
import { HomesModule } from './homes/homes.module';
import { HttpModule } from './http/http.module';
import { ImagesModule } from './images/images.module';
import { IdleModule } from './idle/idle.module';
import { InstancesModule } from './instances/instances.module';
import { WorkerModule } from './instances/reconciler/worker.module';
import { InternalModule } from './internal/internal.module';
import { MailModule } from './mail/mail.module';
import { MonitorModule } from './monitor/monitor.module';
import { PlansModule } from './plans/plans.module';
import { MetricsModule } from './metrics/metrics.module';
import { ProposalsModule } from './proposals/proposals.module';
import { QuotaRequestsModule } from './quota-requests/quota-requests.module';
import { QuotasModule } from './quotas/quotas.module';
import { SessionsModule } from './sessions/sessions.module';
import { SiteModule } from './site/site.module';
import { TemplatesModule } from './templates/templates.module';
import { TicketsModule } from './tickets/tickets.module';

/** The whole api. Guards run in the order of these imports: access first, then rate limits. */
@Module({
  imports: [
    DatabaseModule,
    AuditModule,
    AnnouncementsModule,
    AuthModule,
    AuthorisationModule,
    HttpModule,
    MailModule,
    HealthModule,
    MetricsModule,
    SiteModule,
    AdaptersModule,
    CatalogueCopyModule,
    CatalogueSessionsModule,
    ProposalsModule,
    DesktopsModule,
    DisplayModule,
    InstancesModule,
    IdleModule,
    WorkerModule,
    QuotasModule,
    QuotaRequestsModule,
    HomesModule,
    GpusModule,
    TemplatesModule,
    ImagesModule,
    PlansModule,
    TicketsModule,
    SessionsModule,
    FilesModule,
    EventsModule,
    MonitorModule,
    InternalModule,
  ],
})
export class AppModule {
  static with(config: Config): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(config)] };
  }
}
