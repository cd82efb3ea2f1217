import type { LinkOutcome } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { loginSidOf } from '../login-sessions';
import type { LinkBinding } from '../sign-in/pending-sign-in';
import type { Arrival } from '../sign-in/sign-in-flow';
import type { SignedInUser } from '../sign-in/verified-identity';
import { OwnLinks } from './own-links';
import { recentUntil } from './recent-proof';

/** Who comes back from a provider to which they left for one more way to sign in. Nobody is signed in by it. */
@Injectable()
export class ArrivedLinks {
  private readonly logger = new Logger('Linking');

  constructor(private readonly links: OwnLinks) {}

  /** @returns where the browser goes on: the page that it left, which says by `?link=CODE` what came of it */
  async take(request: Request, arrival: Arrival, link: LinkBinding): Promise<SignedInUser> {
    const outcome = await this.outcome(request, arrival, link);
    if (outcome !== 'LINKED') this.logger.log(`${outcome} for ${link.userId}: ${arrival.issuer} ${arrival.subject}`);
    const { provider, returnTo } = arrival;
    return { userId: link.userId, identityId: null, provider, returnTo: `${returnTo}?link=${outcome}`, provenAt: null };
  }

  private async outcome(
    { session, sessionID }: Request,
    arrival: Arrival,
    { userId, loginSid }: LinkBinding,
  ): Promise<LinkOutcome | 'SIGN_IN_NOT_RECENT'> {
    // Somebody else may have signed in at this browser meanwhile, or have brought the way back here from another one.
    if (session.userId !== userId || loginSidOf(sessionID) !== loginSid) return 'LINK_OTHER_SESSION';
    // The browser can leave out of the request that the provider is to ask, but not when it asked last.
    if (recentUntil(arrival.provenAt) === null) return 'SIGN_IN_NOT_RECENT';
    return this.links.add(userId, arrival);
  }
}
