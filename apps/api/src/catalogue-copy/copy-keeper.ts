import { Catalogue, type CatalogueAccount } from '@beamdesk/catalogue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueAccountEntity } from '../auth/entities/catalogue-account.entity';
import { Config } from '../config';
import { CatalogueCopies } from './catalogue-copies';
import { CopySettings } from './copy-settings';
import { CopyWriter } from './copy-writer';

const SIGNED_IN = `
  SELECT DISTINCT c.catalogue, c.name, c.groups FROM catalogue_account c
  WHERE EXISTS (SELECT FROM login_session s WHERE s.user_id = c.user_id AND s.expire > now())`;

/** Sweeps after which unused rows are let go. */
const TIDY_EVERY = 60;

/**
 * Has copies made anew by their age while their people are signed in, so that a list is there at once and a membership is known
 * when a catalogue goes down; and as soon as somebody signs in. One question after the other: it is nobody's hurry.
 */
@Injectable()
export class CopyKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('CopyKeeper');
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private stopped = false;
  private sweeps = 0;

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly catalogue: Catalogue,
    private readonly copies: CatalogueCopies,
    private readonly writer: CopyWriter,
    private readonly settings: CopySettings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('web')) this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.work;
  }

  /** Nobody waits for it: the list does, if it comes first. */
  signedIn(userId: string): void {
    if (this.stopped) return;
    const before = this.work;
    const asking = this.attempt(() => this.renewOf(userId));
    this.work = Promise.all([before, asking]).then(() => undefined);
  }

  /** Of everybody who is signed in; then, now and then, lets unused rows go. */
  async sweep(): Promise<void> {
    const accounts = await this.dataSource.query<CatalogueAccount[]>(SIGNED_IN);
    const silent = new Set<string>();
    for (const account of accounts.filter(({ catalogue }) => this.catalogue.has(catalogue))) {
      if (this.stopped) return;
      if (silent.has(account.catalogue)) continue;
      for (const catalogue of await this.copies.renew([account], this.settings.keptMs)) silent.add(catalogue);
    }
    if (++this.sweeps % TIDY_EVERY !== 0) return;
    const { copies, proposals } = await this.writer.tidy(this.settings.unwantedMs);
    if (copies + proposals > 0) this.log.log(`let go of ${copies} copies nobody wanted, and ${proposals} proposals`);
  }

  private async renewOf(userId: string): Promise<void> {
    const rows = await this.dataSource.manager.findBy(CatalogueAccountEntity, { userId });
    const accounts = rows.map(({ catalogue, name, groups }) => ({ catalogue, name, groups }));
    await this.copies.renew(
      accounts.filter(({ catalogue }) => this.catalogue.has(catalogue)),
      this.settings.freshMs,
    );
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.work = Promise.all([this.work, this.attempt(() => this.sweep())]).then(() => this.next());
    }, this.settings.sweepMs);
    this.timer.unref();
  }

  private async attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.log.warn(`copies not renewed: ${String(error)}`);
    }
  }
}
