import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';

/** Single-use right to open a session; only its SHA-256 is stored. */
@Entity('ticket')
export class TicketEntity {
  /** SHA-256 of the ticket, hexadecimal. */
  @PrimaryColumn({ type: 'text' })
  hash: string;

  /** SHA-256 of the login session's id, as in `login_session.login_sid`. */
  @Column({ type: 'text' })
  loginSid: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  @Index()
  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}
