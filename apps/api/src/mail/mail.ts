import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../config';
import { Site } from '../site/site';
import { isAddress } from './address';
import { MailRowEntity } from './mail-row.entity';
import { MailTexts } from './mail-texts';
import type { MailTemplate, MailValues } from './mail-values';

/** Somebody with an account, at the address their login last named; or an address. */
export type MailTo = { userId: string } | { name: string; address: string };

/** Mails are written here, in the transaction of what they tell; the keeper sends them. */
@Injectable()
export class Mail {
  constructor(
    private readonly config: Config,
    private readonly site: Site,
    private readonly texts: MailTexts,
  ) {}

  /** False: this portal sends no mail. */
  get on(): boolean {
    return this.config.mail !== null;
  }

  /**
   * Sent once the transaction of `manager` commits, and never if it does not. False, and nothing written: the portal sends no mail, or
   * the person has no usable address.
   */
  async queue<T extends MailTemplate>(
    manager: EntityManager,
    template: T,
    to: MailTo,
    values: MailValues<T>,
  ): Promise<boolean> {
    if (!this.on) return false;
    const found = 'userId' in to ? await this.addressOf(manager, to.userId) : to;
    if (!found || !isAddress(found.address)) return false;
    const { name, address } = found;
    const { facility } = this.site;
    const common = { name, facility: facility.name, contact: facility.contact, portal: this.config.publicUrl.origin };
    const { subject, body } = this.texts.fill(template, { ...values, ...common });
    const userId = 'userId' in to ? to.userId : null;
    await manager.insert(MailRowEntity, { template, userId, toName: name, toAddress: address, subject, body });
    return true;
  }

  private async addressOf(manager: EntityManager, userId: string): Promise<{ name: string; address: string } | null> {
    const [row]: { name: string; address: string | null }[] = await manager.query(
      'SELECT name, email AS address FROM user_account WHERE id = $1',
      [userId],
    );
    return row?.address ? { name: row.name, address: row.address } : null;
  }
}
