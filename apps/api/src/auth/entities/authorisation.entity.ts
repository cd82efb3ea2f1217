import type { AuthorisationSource, Role } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { UserAccountEntity } from './user-account.entity';

/** A role granted to a person: by what and by whom, why, since when, until when. An identity alone lets nobody in. */
@Entity('authorisation')
@Unique(['userId', 'role', 'source'])
@Check('authorisation_source', `"source" IN ('catalogue','invitation','decision')`)
export class AuthorisationEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text' })
  role: Role;

  /** What it rests on; each source grants and ends its own row. */
  @Column({ type: 'text', default: 'decision' })
  source: AuthorisationSource;

  /** Of STAFF: ids of beamlines; null: all of them. Of other roles: null. */
  @Column({ type: 'text', array: true, nullable: true })
  beamlines: string[] | null;

  /** `user_account.id` of who decided, or a word of ours: demo, catalogue. */
  @Column({ type: 'text' })
  grantedBy: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  grantedAt: Date;

  /** Null: until taken back. Past: counts for nothing. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  /** `user_account.id` of who took it back, which may be gone: what is automatic does not grant it again. */
  @Column({ type: 'uuid', nullable: true })
  takenBackBy: string | null;

  /** Why it was taken back; the person reads it. */
  @Column({ type: 'text', nullable: true })
  endReason: string | null;
}
