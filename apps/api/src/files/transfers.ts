import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { LoginSessions } from '../auth';
import { ChangeFeed } from '../events/change-feed';
import { ApiError } from '../http/api-error';
import { InstancesRepository } from '../instances/instances.repository';
import { FileAccess, type FileUser } from './file-access';

const MOST_AT_ONCE = 4;
/** How often the right to each transfer is decided anew. */
const LOOK_MS = 10_000;
/** How long that may fail, e.g. without a database, before the transfer ends. */
const UNKNOWN_MS = 60_000;
/** How long nothing may move: somebody who paused a download. */
const STANDSTILL_MS = 10 * 60_000;

/** A file on its way between a browser and a guest. */
export interface Transfer {
  /** Aborted, with an `ApiError` as reason, when it has to end. */
  readonly signal: AbortSignal;
  /** Those that moved so far. */
  readonly bytes: number;
  moved(bytes: number): void;
  end(): void;
}

interface Running extends FileUser {
  abort: AbortController;
  /** When something last moved, and when the right to it was last decided, ms since 1970. */
  movedAt: number;
  decidedAt: number;
  used: boolean;
  bytes: number;
}

/**
 * Files that are on their way: so many at once for each person and instance, each only as long as its person may use the instance.
 * Looked at every few seconds, and at once when somebody signs out, or their roles or an instance change. Counts as use of
 * the desktop.
 */
@Injectable()
export class Transfers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Transfers');
  private readonly running = new Set<Running>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly access: FileAccess,
    private readonly feed: ChangeFeed,
    private readonly instances: InstancesRepository,
    private readonly loginSessions: LoginSessions,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => void this.look(() => true), LOOK_MS).unref();
    this.stops.push(
      () => clearInterval(timer),
      this.feed.onSignOut((loginSid) => void this.look((one) => one.loginSid === loginSid)),
      this.feed.onAuthorisation((userId) => void this.look((one) => one.userId === userId)),
      this.feed.onInstance((id) => void this.look((one) => one.instanceId === id)),
      this.feed.onGap(() => void this.look(() => true)),
    );
  }

  /** The server waits for answers that are under way. */
  beforeApplicationShutdown(): void {
    for (const stop of this.stops) stop();
    const reason = new ApiError(503, 'FILES_UNAVAILABLE', 'The portal is being restarted. Try again in a moment.');
    for (const { abort } of this.running) abort.abort(reason);
  }

  /** @throws ApiError 429 TOO_MANY_TRANSFERS */
  begin(user: FileUser): Transfer {
    const same = [...this.running].filter((one) => one.userId === user.userId && one.instanceId === user.instanceId);
    if (same.length >= MOST_AT_ONCE) {
      const message = `Only ${MOST_AT_ONCE} files at once can go to and from a desktop. Wait until one is done.`;
      throw new ApiError(429, 'TOO_MANY_TRANSFERS', message, { most: MOST_AT_ONCE });
    }
    const now = Date.now();
    const one: Running = { ...user, abort: new AbortController(), movedAt: now, decidedAt: now, used: true, bytes: 0 };
    this.running.add(one);
    return {
      signal: one.abort.signal,
      get bytes() {
        return one.bytes;
      },
      moved: (bytes) => {
        if (bytes === 0) return;
        one.bytes += bytes;
        one.movedAt = Date.now();
        one.used = true;
      },
      end: () => void this.running.delete(one),
    };
  }

  private async look(at: (one: Running) => boolean): Promise<void> {
    await Promise.all([...this.running].filter(at).map((one) => this.decide(one)));
  }

  private async decide(one: Running): Promise<void> {
    try {
      const denied = await this.access.denied(one);
      if (denied) return one.abort.abort(denied);
      one.decidedAt = Date.now();
      await this.noteUse(one);
    } catch (error) {
      this.logger.warn(`the right to a transfer cannot be decided: ${String(error)}`);
    }
    const late = Date.now() - one.decidedAt > UNKNOWN_MS || Date.now() - one.movedAt > STANDSTILL_MS;
    if (late)
      one.abort.abort(
        new ApiError(409, 'TRANSFER_ENDED', 'Nothing moved for a long time, so the transfer was ended. Try again.'),
      );
  }

  private async noteUse(one: Running): Promise<void> {
    if (!one.used) return;
    one.used = false;
    const instance = await this.instances.find(one.instanceId);
    if (instance) await this.instances.note(instance, { lastAccessAt: new Date() }, true);
    await this.loginSessions.touch(one.loginSid);
  }
}
