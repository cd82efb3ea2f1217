import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { Mail } from '../mail/mail';

const SWEEP_MS = 20_000;
/** So long before its end an owner is told. */
const BEFORE_MINUTES = 30;
/** A desktop that lives no longer than this from its launch is not worth a mail. */
const SHORT_MINUTES = 60;

/** Claims each once for each end it has; an end that is put off is told anew. */
const CLAIM = `
  UPDATE instance SET ending_mailed_for = expires_at
  WHERE id IN (SELECT id FROM instance
    WHERE state IN ('STARTING', 'READY') AND wanted = 'RUNNING' AND expires_at > now()
      AND expires_at <= now() + make_interval(mins => ${BEFORE_MINUTES})
      AND expires_at > launched_at + make_interval(mins => ${SHORT_MINUTES})
      AND ending_mailed_for IS DISTINCT FROM expires_at
    ORDER BY expires_at LIMIT 50 FOR UPDATE SKIP LOCKED)
  RETURNING id, owner_id AS "ownerId", proposal_name AS "proposalName", expires_at AS "expiresAt",
    (plan_snapshot ->> 'keepsDisk')::boolean AS "keepsDisk"`;

interface Ending {
  id: string;
  ownerId: string;
  proposalName: string;
  expiresAt: Date;
  keepsDisk: boolean;
}

/** Tells owners by mail that a desktop comes to its end. */
@Injectable()
export class EndingMails implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('EndingMails');
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly mail: Mail,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.mail.on || !this.config.roles.has('web')) return;
    this.timer = setInterval(() => {
      this.work = this.work.then(() => this.sweep()).catch((error: unknown) => this.log.warn(`not told: ${String(error)}`));
    }, SWEEP_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.work;
  }

  /** Those that end soon and were not told of that end. */
  async sweep(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [endings]: [Ending[], number] = await manager.query(CLAIM);
      for (const { id, ownerId, proposalName: proposal, expiresAt, keepsDisk } of endings) {
        const endsAt = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
        const fate = keepsDisk
          ? 'Its disk is kept: you can start it again later.'
          : 'Its disk is thrown away: keep your results in /scratch.';
        const link = new URL(`/desktop/${id}`, this.config.publicUrl).href;
        await this.mail.queue(manager, 'desktop-ends', { userId: ownerId }, { proposal, endsAt, fate, link });
      }
    });
  }
}
