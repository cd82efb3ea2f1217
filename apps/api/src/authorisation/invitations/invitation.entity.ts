import type { Role } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';

/** A role on offer to whoever has the code, once; only the code's SHA-256 is stored. */
@Entity('invitation')
@Unique(['codeHash'])
@Check('invitation_one_end', `"used_at" IS NULL OR "withdrawn_at" IS NULL`)
export class InvitationEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** SHA-256 of the code, hexadecimal. */
  @Column({ type: 'text' })
  codeHash: string;

  /** For whom, as the staff wrote it; nothing is matched by it. */
  @Column({ type: 'text' })
  name: string;

  /** Shown only. */
  @Column({ type: 'text', nullable: true })
  email: string | null;

  @Column({ type: 'text' })
  role: Role;

  /** Of STAFF: ids of beamlines; null: all of them. Of other roles: null. */
  @Column({ type: 'text', array: true, nullable: true })
  beamlines: string[] | null;

  /** When the role will end; null: when it is taken back. */
  @Column({ type: 'timestamptz', nullable: true })
  until: Date | null;

  /** When it can no longer be accepted. */
  @Column({ type: 'timestamptz' })
  redeemBy: Date;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  madeAt: Date;

  /** Null: their account is gone, and with it what they offered. */
  @Index()
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  madeBy: string | null;

  /** Made for the first administrator by the portal itself, for nobody is there who could. */
  @Column({ type: 'boolean', default: false })
  byPortal: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  usedBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  withdrawnAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  withdrawnBy: string | null;
}
