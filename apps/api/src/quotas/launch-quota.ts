import { type Amounts, amountsFor, decideLaunch, NO_AMOUNTS, type Resources } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Counted, lockSubjects, subjectsOf } from './quota-locks';
import { quotaExceeded } from './quota-exceeded';
import { QuotaNames } from './quota-names';
import { Standings } from './standings';

export interface LaunchWish extends Counted {
  needs: Resources;
  lifetimeMinutes: number;
}

const MINUTE_MS = 60_000;

/** Decides what desktops may hold: by all the subjects they count for, under the locks of all of them. */
@Injectable()
export class LaunchQuota {
  constructor(
    private readonly standings: Standings,
    private readonly names: QuotaNames,
  ) {}

  /** Everybody who decides for one of these waits until the transaction ends. Before any row of an instance is locked. */
  lock(manager: EntityManager, counted: Counted): Promise<void> {
    return lockSubjects(manager, subjectsOf(counted));
  }

  /**
   * What a launch takes, its whole life included. Call `lock` before, in the same transaction: only then is a grant one.
   * @param except the instance that is launched again: what it holds now is its own
   * @throws ApiError 409 QUOTA_EXCEEDED
   */
  async decide(manager: EntityManager, wish: LaunchWish, except: string | null): Promise<void> {
    await this.require(manager, wish, amountsFor(wish.needs, wish.lifetimeMinutes), except);
  }

  /**
   * What a longer life takes: the minutes from the end so far to the new one. Call `lock` before, in the same transaction.
   * @throws ApiError 409 QUOTA_EXCEEDED
   */
  async decideLonger(
    manager: EntityManager,
    row: Counted & { id: string; expiresAt: Date | null; allocVcpus: number; allocGpus: number },
    until: Date,
  ): Promise<void> {
    const from = Math.max(Date.now(), row.expiresAt?.getTime() ?? 0);
    const minutes = Math.ceil(Math.max(0, until.getTime() - from) / MINUTE_MS);
    const more = { ...NO_AMOUNTS, vcpuMinutes: row.allocVcpus * minutes, gpuMinutes: row.allocGpus * minutes };
    await this.require(manager, row, more, null);
  }

  private async require(
    manager: EntityManager,
    counted: Counted,
    requested: Amounts,
    except: string | null,
  ): Promise<void> {
    const standings = await this.standings.of(subjectsOf(counted), manager, { except });
    const decision = decideLaunch(standings, requested);
    if (decision.granted) return;
    const seen = decision.shortfalls.map(({ subject }) => subject);
    const held = await this.names.holdings(manager, counted.ownerId);
    throw quotaExceeded(decision.shortfalls, await this.names.of(manager, seen), held, counted.proposalKey);
  }
}
