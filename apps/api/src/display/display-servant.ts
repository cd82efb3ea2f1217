import { type Hypervisor, HypervisorError } from '@beamdesk/hypervisor';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type DisplayAnswer, type DisplayWish, readWish, sendAnswer } from './display-channel';

/** The worker's end of the wishes for a screen's size. A wish that is missed is made again by the page. */
export class DisplayServant {
  private readonly log = new Logger('Display');

  constructor(
    private readonly hostId: string,
    private readonly database: Pick<DataSource, 'query'>,
    private readonly hypervisor: Pick<Hypervisor, 'setDisplay'>,
  ) {}

  /** Carries out one wish as it was heard, if it is about a machine of this host, and answers it. Never throws. */
  async serve(payload: string): Promise<void> {
    const wish = readWish(payload);
    if (!wish || wish.hostId !== this.hostId) return;
    try {
      await sendAnswer(this.database, { request: wish.request, outcome: await this.carryOut(wish) });
    } catch (error) {
      this.log.warn(`instance ${wish.instanceId}: nobody could be told of its screen: ${String(error)}`);
    }
  }

  private async carryOut({ instanceId, size }: DisplayWish): Promise<DisplayAnswer['outcome']> {
    try {
      await this.hypervisor.setDisplay(instanceId, size);
      return 'done';
    } catch (error) {
      const detail = error instanceof HypervisorError ? error.detail : String(error);
      this.log.warn(`screen of instance ${instanceId} stays as it is: ${detail}`);
      return error instanceof HypervisorError && error.reason === 'display-fixed' ? 'fixed' : 'failed';
    }
  }
}
