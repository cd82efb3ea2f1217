import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config';
import { Bell } from '../instances/reconciler/bell';
import { IdleWatch } from './idle-watch';

/** A minute of use is what counts; twice a minute sees it. */
const LOOK_MS = 30_000;

/** Watches for desktops that nobody uses on the host of a process with the role `worker`. */
@Injectable()
export class IdleLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Idle');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly watch: IdleWatch,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('worker')) this.running = this.run(this.stopping.signal);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(until: AbortSignal): Promise<void> {
    const bell = new Bell();
    while (!until.aborted) {
      await bell.wait(LOOK_MS, until);
      if (until.aborted) return;
      await this.watch
        .sweep(this.config.hostName)
        .catch((error: unknown) => this.log.warn(`idle desktops were not looked for: ${String(error)}`));
    }
  }
}
