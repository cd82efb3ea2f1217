import { randomUUID } from 'node:crypto';
import { IcatError } from './icat-errors';

/** Sessions of the test server, on a clock of its own: they end after their lifetime, and only PUT extends them. */
export class SessionStore {
  private readonly sessions = new Map<string, { user: string; until: number }>();
  private minutes = 0;

  constructor(readonly lifetimeMinutes: number) {}

  open(user: string): string {
    const id = randomUUID();
    this.sessions.set(id, { user, until: this.minutes + this.lifetimeMinutes });
    return id;
  }

  /** @throws IcatError SESSION, which repeats the id as ICAT does */
  get(id: string): { user: string; remainingMinutes: number } {
    const found = this.sessions.get(id);
    if (!found) throw new IcatError('SESSION', `Unable to find user by sessionid: ${id}`);
    const remainingMinutes = found.until - this.minutes;
    if (remainingMinutes <= 0) throw new IcatError('SESSION', `Session id:${id} has expired`);
    return { user: found.user, remainingMinutes };
  }

  /** Revives an expired one too, until it is purged. */
  refresh(id: string): void {
    const found = this.sessions.get(id);
    if (!found) throw new IcatError('SESSION', `Unable to find user by sessionid: ${id}`);
    found.until = this.minutes + this.lifetimeMinutes;
  }

  end(id: string): void {
    this.get(id);
    this.sessions.delete(id);
  }

  pass(minutes: number): void {
    this.minutes += minutes;
  }

  purge(): void {
    this.sessions.clear();
  }

  get count(): number {
    return this.sessions.size;
  }
}
