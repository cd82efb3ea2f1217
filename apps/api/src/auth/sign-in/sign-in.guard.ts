import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { SIGN_IN } from './sign-in.strategy';

/** Runs the strategy; what it finds wrong is thrown on to `SignInErrorFilter`. */
@Injectable()
export class SignInGuard extends AuthGuard(SIGN_IN) {
  override getAuthenticateOptions() {
    return { session: false };
  }
}
