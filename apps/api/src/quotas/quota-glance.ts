import { decideLaunch, NO_AMOUNTS, type Subject, type SubjectShortfall } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiError } from '../http/api-error';
import { quotaExceeded } from './quota-exceeded';
import { type Counted, subjectsOf } from './quota-locks';
import { QuotaNames } from './quota-names';
import { type FoundStanding, Standings } from './standings';

interface Asker {
  counted: Counted;
  answer(refusal: ApiError | null): void;
  fail(error: unknown): void;
}

/** Whatever it is, a launch is one desktop more. */
const ONE = { ...NO_AMOUNTS, machines: 1 };

const keyOf = ({ kind, id }: Subject) => `${kind} ${id}`;

/**
 * Says without any lock that there is no room for one desktop more, so that a crowd at the door costs little. Whoever asks while a
 * look is under way shares the next one: nobody is answered by what was so before they asked. It never grants: that is for
 * `LaunchQuota`.
 */
@Injectable()
export class QuotaGlance {
  private waiting: Asker[] = [];
  private looking = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly standings: Standings,
    private readonly names: QuotaNames,
  ) {}

  /** Null: perhaps. Always null for somebody with a desktop of the proposal, which may need nothing more. */
  refusalFor(counted: Counted): Promise<ApiError | null> {
    return new Promise((answer, fail) => {
      this.waiting.push({ counted, answer, fail });
      void this.look();
    });
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    while (this.waiting.length > 0) {
      const askers = this.waiting.splice(0);
      try {
        await this.answer(askers);
      } catch (error) {
        for (const asker of askers) asker.fail(error);
      }
    }
    this.looking = false;
  }

  private async answer(askers: readonly Asker[]): Promise<void> {
    const all = askers.flatMap(({ counted }) => subjectsOf(counted));
    const unique = [...new Map(all.map((subject) => [keyOf(subject), subject])).values()];
    const found = await this.standings.of(unique);
    const standings = new Map(found.map((one) => [keyOf(one), one]));
    const refused = new Map<Asker, SubjectShortfall<FoundStanding>[]>();
    for (const asker of askers) {
      const own = subjectsOf(asker.counted).flatMap((subject) => standings.get(keyOf(subject)) ?? []);
      const decision = decideLaunch(own, ONE);
      if (decision.granted) asker.answer(null);
      else refused.set(asker, decision.shortfalls);
    }
    if (refused.size > 0) await this.refuse(refused);
  }

  private async refuse(refused: ReadonlyMap<Asker, SubjectShortfall<FoundStanding>[]>): Promise<void> {
    const { manager } = this.dataSource;
    const short = [...refused.values()].flat().map(({ subject }) => subject);
    const subjects = [...new Map(short.map((subject) => [keyOf(subject), subject])).values()];
    const owners = [...new Set([...refused.keys()].map(({ counted }) => counted.ownerId))];
    const named = await this.names.of(manager, subjects);
    const names = new Map(named.map((name) => [keyOf(name), name]));
    const parts = await this.names.holdingsOfMany(manager, owners);
    for (const [{ counted, answer }, shortfalls] of refused) {
      const own = parts.get(counted.ownerId) ?? [];
      const present = own.some(({ proposalKey }) => proposalKey === counted.proposalKey);
      const called = shortfalls.flatMap(({ subject }) => names.get(keyOf(subject)) ?? []);
      answer(present ? null : quotaExceeded(shortfalls, called, own, counted.proposalKey));
    }
  }
}
