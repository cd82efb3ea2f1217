import type { QueueReason } from '@beamdesk/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InstanceSettings } from '../instances/instance-settings';
import { Site } from '../site/site';
import { type Figures, FIGURES, type HostLimits, mayEverCarry, type Needed, type Room, roomOf, shortOf } from './host-figures';

export interface Wish {
  flavour: Needed;
  /** Only the host that has the kept disk. */
  only?: string | null;
  /** An instance that is launched again: what it holds now is its own. */
  except?: string | null;
  /** Hosts that somebody else waits for. */
  not?: ReadonlySet<string>;
}

export type Choice =
  | { hostId: string }
  /** `room` null: no host is at work; `ever`: some host could carry it if others ended. */
  | { hostId: null; short: QueueReason; room: Room | null; ever: boolean };

/** Which host takes one more desktop: by what its worker last saw, and by all that was promised since. */
@Injectable()
export class HostRooms {
  constructor(
    private readonly settings: InstanceSettings,
    @Inject(Site) private readonly site: Pick<Site, 'load' | 'hosts'>,
  ) {}

  /** Everybody who gives hosts away waits here until the transaction ends. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query('SELECT FROM host WHERE active ORDER BY id FOR NO KEY UPDATE');
  }

  /** The roomiest host that can carry it; call `lock` before, in the same transaction. */
  async choose(manager: EntityManager, wish: Wish): Promise<Choice> {
    const { flavour, only = null, except = null, not } = wish;
    const silent = this.settings.hostSilentMs / 1000;
    const hosts: Figures[] = await manager.query(FIGURES, [only, except, silent]);
    const looked = hosts
      .map((host) => ({ host, room: roomOf(host), limits: this.limitsOf(host.id) }))
      .sort((a, b) => b.room.memoryMib - a.room.memoryMib || a.host.id.localeCompare(b.host.id));
    const first = looked.find(
      ({ host, limits }) => !not?.has(host.id) && shortOf(host, flavour, limits, only !== null) === null,
    );
    if (first) return { hostId: first.host.id };
    const [best] = looked.filter(({ host }) => !not?.has(host.id));
    if (!best) return { hostId: null, short: looked.length > 0 ? 'turn' : 'host', room: null, ever: looked.length > 0 };
    const ever = looked.some(({ host, limits }) => mayEverCarry(host, flavour, limits));
    const short = shortOf(best.host, flavour, best.limits, only !== null) ?? 'turn';
    return { hostId: null, short, room: best.room, ever };
  }

  private limitsOf(hostId: string): HostLimits {
    const { maxDesktops, maxCpuLoadPercent, maxCpuPressurePercent } = this.site.load;
    const own = this.site.hosts.find(({ name }) => name === hostId)?.load;
    return { maxDesktops, maxCpuLoadPercent, maxCpuPressurePercent, ...own };
  }
}
