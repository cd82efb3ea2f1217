import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';

/** One browser-to-desktop connection, live until `closedAt`; kept afterwards as a record of who was connected. */
@Entity('desktop_session')
@Index('desktop_session_live', ['instanceId', 'userId'], { where: '"closed_at" IS NULL' })
@Index('desktop_session_login', ['loginSid'], { where: '"closed_at" IS NULL' })
export class DesktopSessionEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  /** SHA-256 of the login session's id, as in `login_session.login_sid`. */
  @Column({ type: 'text' })
  loginSid: string;

  /** Which bridge process holds it. */
  @Column({ type: 'text' })
  bridge: string;

  @Column({ type: 'boolean' })
  readOnly: boolean;

  /** Where the connection lives that others may join; null until guacd said `ready`. */
  @Column({ type: 'text', nullable: true })
  guacdHost: string | null;

  @Column({ type: 'integer', nullable: true })
  guacdPort: number | null;

  @Column({ type: 'text', nullable: true })
  connectionId: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  openedAt: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  renewedAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  closeReason: string | null;

  @Column({ type: 'bigint', default: 0 })
  bytesToClient: string;

  @Column({ type: 'bigint', default: 0 })
  bytesFromClient: string;

  @Column({ type: 'timestamptz', nullable: true })
  lastInputAt: Date | null;
}
