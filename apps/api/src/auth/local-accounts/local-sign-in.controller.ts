import type { PasswordSignIn } from '@beamdesk/contracts';
import { passwordSignIn } from '@beamdesk/contracts';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RateLimit } from '../../http/rate-limit.guard';
import { DirectorySignIn } from '../ldap/directory-sign-in';
import { Policy } from '../policy';
import { Login } from '../sign-in/login';
import { LocalSignIn } from './local-sign-in';
import { isLocal, ProvenPasswords } from './proven-passwords';
import { accountDisabled } from './refused-passwords';

const PER_ADDRESS = { name: 'password-address', perMinute: 30 };

@Controller('auth')
@Policy('public')
export class LocalSignInController {
  constructor(
    private readonly local: LocalSignIn,
    private readonly directories: DirectorySignIn,
    private readonly login: Login,
    private readonly passwords: ProvenPasswords,
  ) {}

  /**
   * Signs in with a local account, or with one of the directory that `provider` names. 401 WRONG_PASSWORD, 429 SIGN_IN_LOCKED (failed
   * tries) and TOO_MANY_REQUESTS, 503 SIGN_IN_BUSY; local accounts 409 PASSWORD_CHANGE_NEEDED, 400 WEAK_PASSWORD, 403 ACCOUNT_DISABLED
   * and ONE_TIME_PASSWORD_ENDED; directories 503 DIRECTORY_UNAVAILABLE, 403 SIGN_IN_INCOMPLETE.
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
    await this.passwords.counted(given, response, () =>
      isLocal(given) ? this.signInHere(given, request, response) : this.signInThere(given, request),
    );
  }

  private async signInHere(given: PasswordSignIn, request: Request, response: Response): Promise<void> {
    const account = await this.local.signIn(given, addressOf(request));
    await this.login.begin(request, account.user);
    if (await this.local.isEnabled(account.name)) return;
    await this.login.signOut(request, response);
    throw accountDisabled(account.name);
  }

  private async signInThere(given: PasswordSignIn, request: Request): Promise<void> {
    await this.login.begin(request, await this.directories.signIn(given, addressOf(request)));
  }
}

function addressOf({ ip }: Request): string {
  return ip ?? 'an unknown address';
}
