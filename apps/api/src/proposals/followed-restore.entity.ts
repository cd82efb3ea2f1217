import type { RestoreState } from '@beamdesk/catalogue';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/** A restore somebody asked for, followed for them until it is done or failed. */
@Entity('followed_restore')
export class FollowedRestoreEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  proposalKey: string;

  /** The catalogue's. */
  @PrimaryColumn({ type: 'text' })
  requestId: string;

  @Column({ type: 'text', array: true })
  datasets: string[];

  @Column({ type: 'text' })
  state: RestoreState;

  /** When the catalogue is asked next; null: it came to an end. */
  @Index()
  @Column({ type: 'timestamptz', nullable: true })
  askAt: Date | null;

  /** How long after that once more: ever longer, since archives take minutes to hours. */
  @Column({ type: 'integer' })
  waitSeconds: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  changedAt: Date;
}
