import { RedeemAnswer, RedeemRequest, redeemAnswer } from '@beamdesk/contracts';
import { InternalApi, InternalApiError } from './internal-api';

/** Trades a browser's ticket for the right to open one session. */
export class TicketRedeemer {
  /** `bridge` names this process to the portal. */
  constructor(
    private readonly api: InternalApi,
    private readonly bridge: string,
  ) {}

  /**
   * Asks the portal whether this ticket, login session and origin may open a session, and which.
   * Throws InternalApiError when the portal gave no usable answer; the ticket may be spent then.
   */
  async redeem(request: Omit<RedeemRequest, 'bridge'>): Promise<RedeemAnswer> {
    const answer = redeemAnswer.safeParse(
      await this.api.post('/internal/tickets/redeem', { ...request, bridge: this.bridge }),
    );
    if (!answer.success) {
      throw new InternalApiError('the internal api answered a redeem in an unknown form', null);
    }
    return answer.data;
  }
}
