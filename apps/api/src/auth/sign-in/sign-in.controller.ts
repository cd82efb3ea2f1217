import { Controller, Get, HttpCode, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiParam } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { RateLimit } from '../../http/rate-limit.guard';
import { Policy } from '../policy';
import { Login } from './login';
import { SignInErrorFilter } from './sign-in-error.filter';
import { SignInGuard } from './sign-in.guard';
import { SignedInUser } from './verified-identity';

const SIGN_IN_RATE = { name: 'sign-in', perMinute: 120 };

@Controller('auth')
@Policy('public')
export class SignInController {
  constructor(private readonly login: Login) {}

  /** `?provider=umbrella&returnTo=/path`: leaves for the provider; with `fresh=1` it asks again after a while. */
  @Get('sign-in')
  @UseGuards(SignInGuard)
  @UseFilters(SignInErrorFilter)
  @RateLimit(SIGN_IN_RATE)
  @ApiFoundResponse({ description: 'The provider’s page' })
  signIn(): void {
    throw new Error('the guard answers by a redirect');
  }

  @Get('callback')
  @UseGuards(SignInGuard)
  @UseFilters(SignInErrorFilter)
  @RateLimit(SIGN_IN_RATE)
  @ApiFoundResponse({ description: 'A page of the portal' })
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const user = request.user as SignedInUser;
    if (user.identityId !== null) await this.login.begin(request, user);
    response.redirect(303, user.returnTo);
  }

  /** As `callback`, for the providers of the file: each comes back by a way of its own. */
  @Get('callback/:provider')
  @UseGuards(SignInGuard)
  @UseFilters(SignInErrorFilter)
  @RateLimit(SIGN_IN_RATE)
  @ApiParam({ name: 'provider', description: 'Id of the provider' })
  @ApiFoundResponse({ description: 'A page of the portal' })
  callbackOfProvider(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.callback(request, response);
  }

  /** Ends the login session and every live desktop connection that hangs on it. `redirect` ends the provider's. */
  @Post('sign-out')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: z.object({ redirect: z.string() }).meta({ id: 'SignedOut' }) })
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<{ redirect: string }> {
    return { redirect: await this.login.signOut(request, response) };
  }
}
