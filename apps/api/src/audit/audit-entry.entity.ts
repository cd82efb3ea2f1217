import type { AuditKind } from '@beamdesk/contracts';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** What a detail of an entry may be. */
export type AuditDetail = string | number | boolean | null | string[];

/** One thing that was done, by whom, to whom. Append only: the table refuses to change or lose a row. */
@Entity('audit_entry')
@Index(['kind', 'id'])
@Index(['actorId', 'id'])
@Index(['subjectId', 'id'])
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ type: 'text' })
  kind: AuditKind;

  /** `user_account.id`, which may be gone; null: the portal itself. */
  @Column({ type: 'uuid', nullable: true })
  actorId: string | null;

  /** `user_account.id`, which may be gone; null: about nobody in particular. */
  @Column({ type: 'uuid', nullable: true })
  subjectId: string | null;

  /** Never a secret, a token or a mail. */
  @Column({ type: 'jsonb', default: {} })
  details: Record<string, AuditDetail>;
}
