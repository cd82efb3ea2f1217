import { renewalAnswer, RenewalRequest, SessionClosed, SessionOpened } from '@beamdesk/contracts';
import { Ending, GUACAMOLE_STATUS } from './guacd/guacamole-status';
import { InternalApi, InternalApiError } from './internal-api';
import { LIMITS } from './limits';

const GONE = new Set([404, 410]);
const LONGEST_REASON = 100;

/** What a session has moved so far. */
export interface SessionFigures {
  readonly bytesToClient: number;
  readonly bytesFromClient: number;
  /** ms since the epoch; null before the first key, pointer or touch. */
  readonly lastInputAt: number | null;
}

/**
 * The right of one session to go on: told to the portal when it opens, renewed every 15 s, given back when it ends. A
 * portal that does not answer is waited for (a restart must cut no session), but not for ever: rights end too.
 */
export class SessionLease {
  private renewedAt: number;
  private askedAt: number;
  private asking = false;
  private reported = false;

  constructor(
    private readonly api: InternalApi,
    private readonly sessionId: string,
    now: number,
  ) {
    this.renewedAt = now;
    this.askedAt = now;
  }

  /** Tells the portal which connection others may join. Repeated until it was heard. */
  async opened(body: SessionOpened): Promise<void> {
    while (!this.reported) {
      try {
        await this.api.post(this.path('opened'), body);
        return;
      } catch (error) {
        if (!(error instanceof InternalApiError) || (error.status !== null && error.status < 500)) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LIMITS.housekeeping).unref());
      }
    }
  }

  /** True when it is time for `renew`. */
  isDue(now: number): boolean {
    return !this.asking && now - this.askedAt >= LIMITS.renewalEvery;
  }

  /** Asks for more time. Resolves to how the session must end, or null to go on. */
  async renew(now: number, figures: SessionFigures): Promise<Ending | null> {
    this.askedAt = now;
    this.asking = true;
    const body: RenewalRequest = told(figures);
    try {
      const answer = renewalAnswer.parse(await this.api.post(this.path('renewal'), body));
      this.renewedAt = now;
      return answer.continue ? null : { status: answer.status, reason: answer.code };
    } catch (error) {
      return this.unanswered(error, now);
    } finally {
      this.asking = false;
    }
  }

  /** Gives the right back, once. Resolves when the portal knows or cannot be told. */
  async closed(figures: SessionFigures, reason: string): Promise<void> {
    if (this.reported) {
      return;
    }
    this.reported = true;
    const body: SessionClosed = { ...told(figures), reason: reason.slice(0, LONGEST_REASON) };
    await this.api.post(this.path('closed'), body).catch(() => undefined);
  }

  private unanswered(error: unknown, now: number): Ending | null {
    if (error instanceof InternalApiError && error.status !== null && GONE.has(error.status)) {
      return { status: GUACAMOLE_STATUS.SESSION_TIMEOUT, reason: 'SESSION_UNKNOWN' };
    }
    return now - this.renewedAt > LIMITS.renewalGrace
      ? { status: GUACAMOLE_STATUS.SERVER_ERROR, reason: 'RENEWAL_UNANSWERED' }
      : null;
  }

  private path(event: 'opened' | 'renewal' | 'closed'): string {
    return `/internal/sessions/${encodeURIComponent(this.sessionId)}/${event}`;
  }
}

function told({ bytesToClient, bytesFromClient, lastInputAt }: SessionFigures): RenewalRequest {
  return {
    bytesToClient,
    bytesFromClient,
    lastInputAt: lastInputAt === null ? null : new Date(lastInputAt).toISOString(),
  };
}
