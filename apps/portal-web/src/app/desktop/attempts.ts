import { reconnectDelay } from '../api/reconnect-schedule';
import { Verdict, verdictOfStatus } from './ending';

/** A connection that lasted this long was a good one: the next failure starts counting anew. */
const GOOD_MS = 10_000;
/** Refused tickets in a row after which the login, not the ticket, must be the trouble. */
const MAX_UNAUTHORISED = 3;
const UNAUTHORISED = 769;

/** Counts how a page's attempts to reach its desktop went, and so decides how long to wait before the next. */
export class Attempts {
  private inARow = 0;
  private unauthorised = 0;
  private liveSince: number | undefined;

  /** Failures in a row. */
  get failures(): number {
    return this.inARow;
  }

  live(): void {
    this.liveSince = Date.now();
    this.unauthorised = 0;
  }

  /** Notes a failure; returns the milliseconds to wait. */
  failed(): number {
    if (this.liveSince !== undefined && Date.now() - this.liveSince > GOOD_MS) {
      this.inARow = 0;
    }
    this.liveSince = undefined;
    return reconnectDelay(this.inARow++);
  }

  /** What follows from the status a connection ended with, knowing the ones before it. */
  judge(status: number): Verdict {
    this.unauthorised = status === UNAUTHORISED ? this.unauthorised + 1 : 0;
    return this.unauthorised >= MAX_UNAUTHORISED ? { retry: false, reason: 'signed-out' } : verdictOfStatus(status);
  }

  forget(): void {
    this.inARow = 0;
    this.unauthorised = 0;
    this.liveSince = undefined;
  }
}
