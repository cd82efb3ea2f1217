import { CanActivate, ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerStorage } from '@nestjs/throttler';
import type { Request } from 'express';
import { personOf } from '../auth/visitor';
import { ApiError } from './api-error';

export interface RateLimitRule {
  /** Counted under this name; routes of one name share the count. */
  name: string;
  perMinute: number;
}

const RATE_LIMIT = 'beamdesk:rate-limit';

/** At most so many requests a minute, per person where somebody is signed in, otherwise per address; beyond: 429. */
export const RateLimit = (rule: RateLimitRule) => SetMetadata(RATE_LIMIT, rule);

const MINUTE_MS = 60_000;

@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(ThrottlerStorage) private readonly storage: ThrottlerStorage,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<RateLimitRule | undefined>(RATE_LIMIT, context.getHandler());
    if (!rule) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const who = personOf(request)?.id ?? request.ip ?? 'unknown';
    const count = await this.storage.increment(`${rule.name}:${who}`, MINUTE_MS, rule.perMinute, MINUTE_MS, rule.name);
    if (!count.isBlocked) return true;
    http.getResponse<{ setHeader(name: string, value: string): void }>().setHeader('Retry-After', String(count.timeToBlockExpire));
    throw new ApiError(429, 'TOO_MANY_REQUESTS', 'That was too often in a short time. Wait a minute and try again.', {
      retryAfterSeconds: count.timeToBlockExpire,
    });
  }
}
