import { Catalogue, CatalogueUnavailable, parseProposalKey } from '@beamdesk/catalogue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueAccountEntity } from '../auth/entities/catalogue-account.entity';
import { Config } from '../config';
import { FollowedRestores } from './followed-restores';
import type { RestoreChange } from './restore-channel';

const SWEEP_MS = 2_000;
const TIDY_EVERY = 300;

/**
 * Asks catalogues how restores stand, ever more rarely while nothing changes, and tells the pages of whoever asked for them. What
 * is followed stands in the database: a process that is killed leaves it to the next one.
 */
@Injectable()
export class RestoreFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('RestoreFollower');
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private stopped = false;
  private sweeps = 0;

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly catalogue: Catalogue,
    private readonly restores: FollowedRestores,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('web')) this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.work;
  }

  /** Of those whose time has come. */
  async sweep(): Promise<void> {
    for (const row of await this.restores.due()) {
      if (this.stopped) return;
      try {
        await this.ask(row, row.state);
      } catch (error) {
        if (!(error instanceof CatalogueUnavailable)) throw error;
        this.log.warn(`how a restore of ${row.proposalKey} stands: ${error.reason}: ${error.detail}`);
      }
    }
    if (++this.sweeps % TIDY_EVERY === 0) await this.restores.tidy();
  }

  private async ask(row: RestoreChange, known: string): Promise<void> {
    const { userId, proposalKey, requestId } = row;
    const catalogue = parseProposalKey(proposalKey)?.catalogue ?? '';
    const account = await this.dataSource.manager.findOneBy(CatalogueAccountEntity, { userId, catalogue });
    const asked = account && { catalogue, name: account.name, groups: account.groups };
    const found = asked && (await this.catalogue.restoreStatus(asked, proposalKey, requestId));
    // No longer theirs to know.
    if (!found) return this.restores.drop(row);
    if (found.state !== known) await this.restores.change(row, found.state);
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.work = this.attempt().then(() => this.next());
    }, SWEEP_MS);
    this.timer.unref();
  }

  private async attempt(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.log.warn(`restores not looked at: ${String(error)}`);
    }
  }
}
