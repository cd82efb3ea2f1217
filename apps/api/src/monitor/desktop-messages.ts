import type { DesktopMessages, Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Person } from '../auth/person';
import { notFound } from '../http/api-error';
import { notifyInstance } from '../instances/change-feed';
import { DesktopMessageEntity } from './desktop-message.entity';
import { messagesTo } from './messages-of';

/** What staff wrote to owners of desktops. The owner alone sees it, also when the desktop is gone. */
@Injectable()
export class MessagesOfDesktops {
  constructor(private readonly dataSource: DataSource) {}

  /** In the sender's transaction; the owner's open pages hear of it. */
  async send(
    manager: EntityManager,
    instanceId: string,
    sender: { id: string; role: Role },
    text: string,
  ): Promise<void> {
    await manager.insert(DesktopMessageEntity, { instanceId, senderId: sender.id, senderRole: sender.role, text });
    await notifyInstance(manager, instanceId);
  }

  async ofOwner({ id }: Person): Promise<DesktopMessages> {
    return { items: await messagesTo(this.dataSource, id) };
  }

  /** Idempotent. @throws ApiError 404: no such message to this person */
  async dismiss({ id: userId }: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<{ instance_id: string }[]>(
        `SELECT m.instance_id FROM desktop_message m JOIN instance i ON i.id = m.instance_id
         WHERE m.id = $1 AND i.owner_id = $2 FOR UPDATE OF m`,
        [id, userId],
      );
      if (!row) throw notFound();
      const [, changed] = await manager.query<[unknown, number]>(
        'UPDATE desktop_message SET dismissed_at = clock_timestamp() WHERE id = $1 AND dismissed_at IS NULL',
        [id],
      );
      // Other open pages drop it, too.
      if (changed === 1) await notifyInstance(manager, row.instance_id);
    });
  }
}
