import { DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module';
import { Config, ConfigModule } from './config';
import { DatabaseModule } from './database/database.module';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { SiteModule } from './site/site.module';

/** The whole api. Guards run in the order of these imports: access first, then rate limits. */
@Module({
  imports: [
    DatabaseModule,
    AuthModule,
    HttpModule,
    HealthModule,
    SiteModule,
  ],
})
export class AppModule {
  static with(config: Config): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(config)] };
  }
}
