import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { InternalRoutes } from './internal-routes';
import { InternalServer } from './internal-server';

/** What the bridge asks, over a listener of its own. */
@Module({ imports: [SessionsModule], providers: [InternalRoutes, InternalServer] })
export class InternalModule {}
