import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config';
import { ChangeFeed } from '../events/change-feed';
import { Bell } from '../instances/reconciler/bell';
import { QueueKeeper } from './queue-keeper';

/** A host's figures change without a word; a lost word costs no more than this either. */
const LOOK_MS = 2_000;

/** Keeps the queue in processes with the role `worker`: whenever an instance changed, and now and then. */
@Injectable()
export class QueueLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Queue');
  private readonly bell = new Bell();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private unlisten = (): void => undefined;

  constructor(
    private readonly config: Config,
    private readonly feed: ChangeFeed,
    private readonly keeper: QueueKeeper,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('worker')) return;
    this.unlisten = this.feed.onInstance(() => this.bell.ring());
    this.running = this.run(this.stopping.signal);
  }

  async onApplicationShutdown(): Promise<void> {
    this.unlisten();
    this.stopping.abort();
    await this.running;
  }

  private async run(until: AbortSignal): Promise<void> {
    let failing = '';
    while (!until.aborted) {
      try {
        await this.keeper.keep();
        failing = '';
      } catch (error) {
        const message = String(error);
        if (message !== failing && !until.aborted) this.log.warn(`the queue was not kept: ${message}`);
        failing = message;
      }
      await this.bell.wait(LOOK_MS, until);
    }
  }
}
