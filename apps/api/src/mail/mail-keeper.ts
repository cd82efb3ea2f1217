import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config';
import { MailOutbox, type Outgoing } from './mail-outbox';
import { Mailer, MailRefused } from './mailer';

const SWEEP_MS = 1_000;
const TIDY_EVERY = 3_600;

/**
 * Sends what waits. A mail is claimed for a while before it is sent, and marked after it: a kill in between sends it again, with
 * the same Message-ID.
 */
@Injectable()
export class MailKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Mail');
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private stopped = false;
  private sweeps = 0;

  constructor(
    private readonly config: Config,
    private readonly outbox: MailOutbox,
    private readonly mailer: Mailer,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.mail !== null && this.config.roles.has('web')) this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.mailer.close();
    await this.work;
  }

  /** Sends those whose time has come, one after the other. */
  async sweep(): Promise<void> {
    for (let mail = await this.claim(); mail; mail = await this.claim()) await this.send(mail);
    if (++this.sweeps % TIDY_EVERY === 1) await this.outbox.tidy();
  }

  private claim(): Promise<Outgoing | null> {
    return this.stopped ? Promise.resolve(null) : this.outbox.claim();
  }

  private async send(mail: Outgoing): Promise<void> {
    const { id, template, toName, toAddress, subject, body } = mail;
    const messageId = `<${id}@${this.config.publicUrl.hostname}>`;
    try {
      await this.mailer.send({ messageId, to: { name: toName, address: toAddress }, subject, text: body });
    } catch (error) {
      const again = error instanceof MailRefused ? null : await this.outbox.postpone(mail);
      if (again === null) await this.outbox.end(id, 'GIVEN_UP');
      const what = again === null ? 'is given up' : `is tried again in ${again} s`;
      this.log.warn(`mail ${id} (${template}) ${what}: ${error instanceof Error ? error.message : 'not sent'}`);
      return;
    }
    await this.outbox.end(id, 'SENT');
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
      this.log.warn(`mails are not looked at: ${String(error)}`);
    }
  }
}
