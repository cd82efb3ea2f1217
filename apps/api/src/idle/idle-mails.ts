import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../config';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { Mail } from '../mail/mail';
import { Site } from '../site/site';

/** Tells an owner by mail that a desktop stops for want of use. */
@Injectable()
export class IdleMails {
  constructor(
    private readonly mail: Mail,
    private readonly site: Site,
    private readonly config: Config,
  ) {}

  async warn(manager: EntityManager, row: InstanceEntity, stopAt: Date): Promise<void> {
    const fate = row.plan.keepsDisk ? 'Its disk is kept.' : 'Its disk is not kept; files in scratch are.';
    const when = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: this.site.timeZone, dateStyle: 'long', timeStyle: 'short' },
    });
    await this.mail.queue(manager, 'desktop-idle', { userId: row.ownerId }, {
      ...{ proposal: row.proposalName, endsAt: when.format(stopAt), fate },
      link: `${this.config.publicUrl.origin}/desktop/${row.id}`,
    });
  }
}
