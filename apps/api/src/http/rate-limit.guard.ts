import { isIP } from 'node:net';
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

/** What of a response is needed to say when to come again. */
export interface ResponseHead {
  setHeader(name: string, value: string): void;
}

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
    const who = personOf(request)?.id ?? networkOf(request.ip ?? 'unknown');
    const seconds = await countRequest(this.storage, rule, who);
    if (seconds === null) return true;
    throw tooMany(http.getResponse<ResponseHead>(), seconds);
  }
}

/** @returns null: within the limit; otherwise for how many seconds it is reached */
export async function countRequest(storage: ThrottlerStorage, { name, perMinute }: RateLimitRule, who: string): Promise<number | null> {
  const count = await storage.increment(`${name}:${who}`, MINUTE_MS, perMinute, MINUTE_MS, name);
  return count.isBlocked ? count.timeToBlockExpire : null;
}

/** The answer 429, whose `Retry-After` is written to the response. */
export function tooMany(response: ResponseHead, retryAfterSeconds: number): ApiError {
  response.setHeader('Retry-After', String(retryAfterSeconds));
  const message = 'That was too often in a short time. Wait a minute and try again.';
  return new ApiError(429, 'TOO_MANY_REQUESTS', message, { retryAfterSeconds });
}

/** Whoever has one IPv6 address has 2^64 of them: those of one network count as one (RFC 4291, 2.5.4). */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (isIP(plain) !== 6 || plain.startsWith('::ffff:')) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [before, after] = [head, tail].map((part) => part.split(':').filter(Boolean));
  const zeros = plain.includes('::') ? Math.max(0, 8 - (before?.length ?? 0) - (after?.length ?? 0)) : 0;
  const groups = [...(before ?? []), ...Array<string>(zeros).fill('0'), ...(after ?? [])];
  return groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(':');
}
