import type { PasswordSignIn } from '@beamdesk/contracts';
import { passwordSignIn } from '@beamdesk/contracts';
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse } from '@nestjs/swagger';
import { ThrottlerStorage } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { ApiError } from '../../http/api-error';
import { countRequest, RateLimit, tooMany } from '../../http/rate-limit.guard';
import { Policy } from '../policy';
import { Login } from '../sign-in/login';
import { LOCAL_PROVIDER } from './local-accounts';
import { LocalSignIn } from './local-sign-in';
import { accountName } from './password-rules';
import { accountDisabled } from './refused-passwords';

const PER_ADDRESS = { name: 'password-address', perMinute: 30 };
const PER_ACCOUNT = { name: 'password-account', perMinute: 15 };

@Controller('auth')
@Policy('public')
export class LocalSignInController {
  constructor(
    private readonly local: LocalSignIn,
    private readonly login: Login,
    @Inject(ThrottlerStorage) private readonly counts: ThrottlerStorage,
  ) {}

  /**
   * Signs in with a local account. 401 WRONG_PASSWORD, 409 PASSWORD_CHANGE_NEEDED, 400 WEAK_PASSWORD, 403 ACCOUNT_DISABLED and
   * ONE_TIME_PASSWORD_ENDED, 429 SIGN_IN_LOCKED (failed tries) and TOO_MANY_REQUESTS, 503 SIGN_IN_BUSY.
   */
  @Post('password')
  @HttpCode(204)
  @RateLimit(PER_ADDRESS)
  @ApiNoContentResponse()
  async signIn(
    @Body({ schema: passwordSignIn }) given: PasswordSignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const name = accountName(given.name);
    const seconds = name === null ? null : await countRequest(this.counts, PER_ACCOUNT, name);
    if (seconds !== null) throw tooMany(response, seconds);
    const account = await this.local.signIn(given, request.ip ?? 'an unknown address').catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'SIGN_IN_LOCKED') {
        response.setHeader('Retry-After', String(error.details?.['retryAfterSeconds']));
      }
      throw error;
    });
    await this.login.begin(request, account.userId, LOCAL_PROVIDER);
    if (await this.local.isEnabled(account.name)) return;
    await this.login.signOut(request, response);
    throw accountDisabled(account.name);
  }
}
