import { CatalogueUnavailable } from '@beamdesk/catalogue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type CatalogueDoor, CatalogueDoors } from '../adapters/catalogues/catalogue-doors';
import { Config } from '../config';
import { ChangeFeed } from '../events/change-feed';
import { type KeptRow, KeptCatalogueSessions } from './kept-catalogue-sessions';

const SWEEP_MS = 15_000;

/**
 * Extends people's sessions at catalogues while they are signed in here, and ends them there when they are not. A catalogue that
 * is down is asked again; a session that it forgot is forgotten here, and the person asked to sign in anew.
 */
@Injectable()
export class CatalogueSessionKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('CatalogueSessions');
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private stops: (() => void)[] = [];

  constructor(
    private readonly config: Config,
    private readonly doors: CatalogueDoors,
    private readonly kept: KeptCatalogueSessions,
    private readonly feed: ChangeFeed,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('web') || this.doors.all.length === 0) return;
    this.stops.push(this.feed.onSignOut(() => this.queue(() => this.endForsaken())));
    this.timer = setInterval(() => this.queue(() => this.sweep()), SWEEP_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    for (const stop of this.stops) stop();
    await this.work;
  }

  async sweep(): Promise<void> {
    await this.endForsaken();
    for (const row of await this.kept.due()) await this.attempt(row, (door, id) => this.extend(row, door, id));
  }

  /** Of people who are signed in nowhere any longer. */
  async endForsaken(): Promise<void> {
    for (const row of await this.kept.forsaken()) {
      await this.attempt(row, async ({ door }, id) => {
        await door.end(id);
        await this.kept.drop(row);
      });
    }
  }

  private async extend(row: KeptRow, { door }: CatalogueDoor, id: string): Promise<void> {
    const endsAt = await door.extend(id);
    if (endsAt) return this.kept.extended(row, endsAt);
    this.log.log(`the session of ${row.userId} at '${row.catalogue}' is over`);
    await this.kept.drop(row);
  }

  private async attempt(row: KeptRow, act: (door: CatalogueDoor, id: string) => Promise<void>): Promise<void> {
    const door = this.doors.find(row.catalogue);
    const id = this.kept.open(row);
    // Nothing can be done with it: no such catalogue any longer, or another key.
    if (!door || id === null) return this.kept.drop(row);
    try {
      await act(door, id);
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      this.log.warn(`a session at '${row.catalogue}' waits: ${error.reason}: ${error.detail}`);
      await this.kept.dropEnded(row);
    }
  }

  private queue(task: () => Promise<void>): void {
    this.work = this.work
      .then(task)
      .catch((error: unknown) => this.log.warn(`sessions not looked after: ${String(error)}`));
  }
}
