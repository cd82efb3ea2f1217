import { Global, Module } from '@nestjs/common';
import { CatalogueAccountLink } from './catalogue-account-link';
import { CatalogueSessionKeeper } from './catalogue-session-keeper';
import { CatalogueSessionsController } from './catalogue-sessions.controller';
import { CatalogueSignIn } from './catalogue-sign-in';

/** People's own sessions at catalogues. Global: lists say which are missing. */
@Global()
@Module({
  controllers: [CatalogueSessionsController],
  providers: [CatalogueSignIn, CatalogueAccountLink, CatalogueSessionKeeper],
  exports: [CatalogueSignIn],
})
export class CatalogueSessionsModule {}
