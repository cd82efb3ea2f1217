import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Config } from '../config';
import { ApiError } from '../http/api-error';
import { Site } from '../site/site';
import { isCsrfToken } from './csrf';
import { LoginSessions, loginSidOf } from './login-sessions';
import { isOurOrigin } from './origin';
import { decideAccess, hasRoleFor, policyOf } from './policy';
import { refusalError } from './refusals';
import { setVisitor } from './visitor';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * In front of every route, in this order: a policy is named; what changes something comes from a page of ours; signed in;
 * with the session's CSRF token; authorised; conditions accepted; with a role that suffices. Nothing of a route runs before.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: Config,
    private readonly loginSessions: LoginSessions,
    private readonly site: Site,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = policyOf(this.reflector, context.getHandler(), context.getClass());
    if (!policy) {
      throw new Error(`${context.getClass().name}.${context.getHandler().name} names no policy: refused`);
    }
    const request = context.switchToHttp().getRequest<Request>();
    const changes = !SAFE.has(request.method);
    if (changes && !isOurOrigin(this.config, request.headers)) {
      throw new ApiError(403, 'WRONG_ORIGIN', 'This request did not come from a page of the portal, so it was refused.');
    }
    const visitor = await this.loginSessions.standing(request.session.userId ?? null, loginSidOf(request.sessionID));
    setVisitor(request, visitor);
    const refusal = decideAccess(policy, visitor.standing);
    if (refusal === 'NOT_SIGNED_IN') throw refusalError(refusal, this.site.conditions.version);
    if (changes && !isCsrfToken(this.config, request.sessionID, request.headers['x-csrf-token'])) {
      throw new ApiError(403, 'CSRF', 'The page is out of date. Reload it and try again.');
    }
    if (refusal) throw refusalError(refusal, this.site.conditions.version);
    if (!hasRoleFor(policy, visitor.person?.roles ?? [])) {
      throw new ApiError(403, 'NOT_ALLOWED', 'Your role does not allow this. Ask an administrator of the portal.');
    }
    return true;
  }
}
