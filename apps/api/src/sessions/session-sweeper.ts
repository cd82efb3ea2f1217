import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ChangeFeed } from '../events/change-feed';
import { TicketsRepository } from '../tickets/tickets.repository';
import { DesktopSessionsRepository, SILENCE_SECONDS } from './desktop-sessions.repository';

const EVERY_MS = 10_000;
/** Bridges get this long to renew after we, or the database, were away: our absence is not their silence. */
const GRACE_MS = SILENCE_SECONDS * 1000;

/** Ends the rows of sessions that nobody renews any more, and forgets old tickets. */
@Injectable()
export class SessionSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('SessionSweeper');
  private readonly stops: (() => void)[] = [];
  private quietUntil = Number.MAX_SAFE_INTEGER;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly sessions: DesktopSessionsRepository,
    private readonly tickets: TicketsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.beQuiet();
    this.stops.push(this.feed.onGap(() => this.beQuiet()));
    const timer = setInterval(() => void this.sweep(), EVERY_MS);
    this.stops.push(() => clearInterval(timer));
  }

  onApplicationShutdown(): void {
    for (const stop of this.stops) stop();
  }

  async sweep(now = Date.now()): Promise<void> {
    try {
      await this.tickets.sweep();
      if (now < this.quietUntil) return;
      const ended = await this.sessions.endSilent();
      if (ended > 0) this.logger.log(`ended ${ended} sessions whose renewals are missing`);
    } catch (error) {
      // Nobody could renew either while the database was away.
      this.beQuiet();
      this.logger.warn(`cannot sweep: ${String(error)}`);
    }
  }

  private beQuiet(): void {
    this.quietUntil = Date.now() + GRACE_MS;
  }
}
