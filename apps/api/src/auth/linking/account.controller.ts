import {
  type AccountView,
  accountView,
  type NewWay,
  newWay,
  type PasswordSignIn,
  passwordSignIn,
  type WayRemoval,
  wayRemoval,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiError } from '../../http/api-error';
import { RateLimit } from '../../http/rate-limit.guard';
import { CurrentPerson } from '../current-person';
import { ProvenPasswords } from '../local-accounts/proven-passwords';
import type { Person } from '../person';
import { Policy } from '../policy';
import { ProviderUnavailable } from '../sign-in/identity-providers';
import { SignInFlow } from '../sign-in/sign-in-flow';
import { refusedLink, refusedRemoval } from './link-refusals';
import { OwnAccount } from './own-account';
import { OwnLinks } from './own-links';
import { demandRecent } from './recent-proof';

const PAGE = '/account';
const CHANGES = { name: 'account-ways', perMinute: 20 };
const leavingView = z.object({ redirect: z.string() }).meta({ id: 'LeavingForProvider' });

/** One's own ways to sign in. For everybody with a login: another one may be what lets them in. */
@ApiTags('account')
@Controller('account')
@Policy('signed-in')
export class AccountController {
  constructor(
    private readonly account: OwnAccount,
    private readonly links: OwnLinks,
    private readonly flow: SignInFlow,
    private readonly passwords: ProvenPasswords,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: accountView })
  show(@CurrentPerson() person: Person, @Req() { session }: Request): Promise<AccountView> {
    return this.account.view(person.id, session);
  }

  /** Leaves for a provider to add the login there, bound to this session. 403 SIGN_IN_NOT_RECENT, 503 SIGN_IN_UNAVAILABLE. */
  @Post('ways')
  @HttpCode(200)
  @RateLimit(CHANGES)
  @ApiOkResponse({ standardSchema: leavingView })
  async leave(
    @Body({ schema: newWay }) { provider }: NewWay,
    @CurrentPerson() { id: userId, loginSid }: Person,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof leavingView>> {
    demandRecent(request.session.provenAt);
    const leaving = { provider, returnTo: PAGE, freshness: 'now', link: { userId, loginSid } } as const;
    try {
      return { redirect: await this.flow.leave(request, response, leaving) };
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      throw new ApiError(503, 'SIGN_IN_UNAVAILABLE', 'That sign-in service does not answer. Try again in a minute.');
    }
  }

  /** Adds an account by its name and password. As `POST /api/auth/password`; 409 LINK_…, 403 SIGN_IN_NOT_RECENT. */
  @Post('ways/password')
  @HttpCode(200)
  @RateLimit(CHANGES)
  @ApiOkResponse({ standardSchema: accountView })
  async addByPassword(
    @Body({ schema: passwordSignIn }) given: PasswordSignIn,
    @CurrentPerson() { id }: Person,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AccountView> {
    demandRecent(request.session.provenAt);
    const outcome = await this.links.add(id, await this.passwords.prove(given, request, response));
    if (outcome !== 'LINKED') throw refusedLink(outcome);
    return this.account.view(id, request.session);
  }

  /** 403 SIGN_IN_NOT_RECENT, 404 NOT_FOUND, 409 LAST_WAY, WAY_IN_USE (of this login session), WAY_KEPT (staff took a role back). */
  @Post('ways/removal')
  @HttpCode(200)
  @RateLimit(CHANGES)
  @ApiOkResponse({ standardSchema: accountView })
  async remove(
    @Body({ schema: wayRemoval }) { id: wayId }: WayRemoval,
    @CurrentPerson() { id }: Person,
    @Req() { session }: Request,
  ): Promise<AccountView> {
    demandRecent(session.provenAt);
    const { ways } = await this.account.view(id, session);
    if (ways.length > 1 && ways.find((way) => way.id === wayId)?.present) throw refusedRemoval('WAY_IN_USE');
    const removed = await this.links.remove(id, wayId);
    if (removed !== 'REMOVED') throw refusedRemoval(removed);
    return this.account.view(id, session);
  }
}
