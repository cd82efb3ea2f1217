import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { ErrorFilter } from './error.filter';
import { logging } from './logging';
import { OpenApiController } from './openapi.controller';
import { RateLimitGuard } from './rate-limit.guard';
import { validationPipe } from './validation.pipe';

/** What every route shares. Import after AuthModule: guards run in the order of registration. */
@Module({
  imports: [logging, ThrottlerModule.forRoot([])],
  controllers: [OpenApiController],
  providers: [
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class HttpModule {}
