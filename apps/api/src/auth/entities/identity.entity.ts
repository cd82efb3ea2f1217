import type { LinkedBy } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { UserAccountEntity } from './user-account.entity';

/**
 * A login at one provider, or an account of ours: one of the ways in which a person signs in. Issuer and subject together are
 * the only thing that tells who somebody is.
 */
@Entity('identity')
@Unique(['issuer', 'subject'])
@Check('identity_linked_by', `"linked_by" IN ('sign-in','person','administrator')`)
export class IdentityEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Index()
  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text' })
  issuer: string;

  @Column({ type: 'text' })
  subject: string;

  /** By which of our providers it came last; null: not known yet. */
  @Column({ type: 'text', nullable: true })
  provider: string | null;

  /** What it called the person last; null: never signed in. */
  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** What it said last; serves catalogues whose rules say so, and lets nobody in. */
  @Column({ type: 'text', array: true, default: () => "'{}'" })
  groups: string[];

  /** Whose doing it is that it is this person's. */
  @Column({ type: 'text', default: 'sign-in' })
  linkedBy: LinkedBy;

  /** Since when it is this person's: the older one counts where two give accounts in one catalogue. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  linkedAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}
