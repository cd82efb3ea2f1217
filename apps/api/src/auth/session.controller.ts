import type { LoginSessionView } from '@beamdesk/contracts';
import { loginSessionView } from '@beamdesk/contracts';
import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { Config } from '../config';
import { Site } from '../site/site';
import { csrfTokenOf } from './csrf';
import { Policy } from './policy';
import { SignInProviders } from './sign-in/sign-in-providers';
import { visitorOf } from './visitor';

@Controller('session')
export class SessionController {
  constructor(
    private readonly config: Config,
    private readonly site: Site,
    private readonly providers: SignInProviders,
  ) {}

  /** Who is looking at the page; always 200. Begins a session, so that its CSRF token holds. */
  @Get()
  @Policy('public')
  @ApiOkResponse({ standardSchema: loginSessionView })
  show(@Req() request: Request): LoginSessionView {
    const { session } = request;
    session.startedAt ??= Date.now();
    const visitor = visitorOf(request);
    const person = visitor?.person ?? null;
    const end = person && session.signedInAt ? session.signedInAt + this.config.loginSession.absoluteMs : null;
    return {
      user: person && { id: person.id, name: person.name, email: person.email, roles: person.roles },
      authorised: visitor?.standing.authorised ?? false,
      conditions: {
        version: this.site.conditions.version,
        accepted: visitor?.standing.conditionsAccepted ?? false,
      },
      csrfToken: csrfTokenOf(this.config, request.sessionID),
      providers: this.providers.list(),
      demo: this.config.demo,
      facility: { name: this.site.facility.name, contact: this.site.facility.contact },
      expiresAt: end === null ? null : new Date(end).toISOString(),
    };
  }
}
