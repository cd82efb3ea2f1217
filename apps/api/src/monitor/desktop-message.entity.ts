import type { Role } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { InstanceEntity } from '../instances/entities/instance.entity';

/** What staff wrote to the owner of a desktop; shown until dismissed. */
@Entity('desktop_message')
@Index('desktop_message_open', ['instanceId'], { where: '"dismissed_at" IS NULL' })
@Check('desktop_message_text', `length("text") BETWEEN 1 AND 500`)
export class DesktopMessageEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  /** `user_account.id`, which may be gone; never shown to the owner, who is told the role. */
  @Column({ type: 'uuid' })
  senderId: string;

  @Column({ type: 'text' })
  senderRole: Role;

  /** Plain text. */
  @Column({ type: 'text' })
  text: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  dismissedAt: Date | null;
}
