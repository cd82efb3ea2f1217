import type { Request } from 'express';
import type { Strategy } from 'passport';

/** How a strategy asks who the user of an identity is; `@nestjs/passport` answers with the strategy's `validate`. */
type Verify<Identity, User> = (identity: Identity, done: (error: unknown, user?: User | null) => void) => void;

/** The frame passport wants. For each request it makes a copy and adds the ways out: redirect, success, error. */
export class PassportFrame<Identity, User> implements Strategy {
  protected declare readonly redirect: (url: string) => void;
  protected declare readonly success: (user: User) => void;
  protected declare readonly error: (error: unknown) => void;
  private readonly verify: Verify<Identity, User>;

  constructor(verify?: Verify<Identity, User>) {
    if (!verify) throw new TypeError('a strategy needs a way to find its user');
    this.verify = verify;
  }

  authenticate(_request: Request): void {
    this.error(new TypeError('a strategy says how it authenticates'));
  }

  protected vouchFor(identity: Identity): void {
    this.verify(identity, (error, user) => (user ? this.success(user) : this.error(error)));
  }
}
