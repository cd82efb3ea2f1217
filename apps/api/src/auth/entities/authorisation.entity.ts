import type { Role } from '@beamdesk/contracts';
import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { UserAccountEntity } from './user-account.entity';

/** A role granted to a person: by whom, why, since when, until when. An identity alone lets nobody in. */
@Entity('authorisation')
@Unique(['userId', 'role'])
export class AuthorisationEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text' })
  role: Role;

  @Column({ type: 'text' })
  grantedBy: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  grantedAt: Date;

  /** Null: until taken back. Past: counts for nothing. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}
