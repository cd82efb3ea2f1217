import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config';
import { ImageIntake } from './image-intake';

/** How often a version to be taken in is looked for, and what nothing names any more. */
const LOOK_MS = 2000;
const SWEEP_MS = 60_000;

/** Takes images in, one after the other, in processes with the role worker. */
@Injectable()
export class IntakeLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('ImageIntake');
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly config: Config,
    private readonly intake: ImageIntake,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('worker')) this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    let swept = -Infinity;
    while (!signal.aborted) {
      try {
        if (await this.intake.once(signal)) continue;
        if (performance.now() - swept > SWEEP_MS) {
          await this.intake.sweep();
          swept = performance.now();
        }
      } catch (error) {
        this.log.warn(`images are not taken in at the moment: ${String(error)}`);
      }
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
