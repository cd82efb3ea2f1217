import type { Flavour } from '@beamdesk/hypervisor';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiError } from '../http/api-error';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { NOT_QUEUED } from '../instances/queued-rows';
import { Site } from '../site/site';
import { HostRooms } from './host-room';
import { hostFull, queueStep } from './queue-words';

/** What a launch's row says of its place: a host, or a turn in the queue; then its life begins only when it is placed. */
export type Placement = (typeof NOT_QUEUED & { hostId: string }) | Waiting;
type Waiting = { hostId: string | null; queuePosition: number; queueReason: InstanceEntity['queueReason'] } & {
  queuedAt: () => string;
  step: string;
  expiresAt: null;
};

export interface LaunchWish {
  flavour: Flavour & { gpus?: number };
  /** The host of the kept disk. */
  only?: string | null;
  /** An instance that is launched again: what it holds now is its own. */
  except?: string | null;
}

/** Where a click's launch goes. Nobody overtakes: while somebody waits, who comes waits behind, and the keeper decides. */
@Injectable()
export class LaunchQueue {
  constructor(
    private readonly rooms: HostRooms,
    @Inject(Site) private readonly site: Pick<Site, 'load'>,
  ) {}

  /**
   * In the click's transaction; hosts stay locked until it ends.
   * @throws ApiError 409 HOST_FULL with figures, HOST_TOO_SMALL, QUEUE_FULL
   */
  async place(manager: EntityManager, wish: LaunchWish): Promise<Placement> {
    const { flavour, only = null } = wish;
    await this.rooms.lock(manager);
    const choice = await this.rooms.choose(manager, wish);
    const waiting = await this.waiting(manager);
    const needsGpus = (flavour.gpus ?? 0) > 0;
    if (choice.hostId !== null && waiting === 0 && !needsGpus) return { hostId: choice.hostId, ...NOT_QUEUED };
    const { memoryMib, diskMib } = flavour;
    const room = choice.hostId === null ? choice.room : null;
    const details = { requested: { memoryMib, diskMib }, available: room };
    if (choice.hostId === null && choice.short === 'host') throw notReady(only !== null, details);
    if (choice.hostId === null && !choice.ever) {
      const message = 'No computer of this site is large enough for this kind of desktop. Choose a smaller one.';
      throw new ApiError(409, 'HOST_TOO_SMALL', message, details);
    }
    if (choice.hostId === null && this.site.load.whenFull === 'refuse') throw hostFull(choice.short, details);
    if (waiting >= this.site.load.queueMax) {
      const message = `${waiting} others wait for a desktop already. Try again later.`;
      throw new ApiError(409, 'QUEUE_FULL', message, { ...details, waiting });
    }
    const position = waiting + 1;
    const reason = choice.hostId === null ? choice.short : 'turn';
    return {
      hostId: only,
      // The hosts' lock makes this the order in which launches were taken.
      queuedAt: () => 'clock_timestamp()',
      queuePosition: position,
      queueReason: reason,
      step: waiting === 0 && reason === 'turn' ? 'Waiting for the host' : queueStep(position, reason),
      expiresAt: null,
    };
  }

  private async waiting(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM instance WHERE queued_at IS NOT NULL AND state = 'REQUESTED'`,
    );
    return row?.n ?? 0;
  }
}

function notReady(hasDisk: boolean, details: Record<string, unknown>): ApiError {
  const which = hasDisk ? 'has the disk of this desktop' : 'runs the desktops';
  const message = `The computer that ${which} is not ready at the moment. Try again in a minute.`;
  return new ApiError(409, 'HOST_FULL', message, details);
}
