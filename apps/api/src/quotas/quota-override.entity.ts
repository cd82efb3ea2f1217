import type { SubjectKind } from '@beamdesk/quota';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

const AMOUNTS = 'machines, vcpus, memory_mib, storage_mib, gpus, vcpu_minutes, gpu_minutes';

/**
 * Other limits than the default ones, for a time and a reason. Of several in force the newest that names a resource counts.
 * Never changed but for its early end.
 */
@Entity('quota_override')
@Index(['subjectKind', 'subjectId'])
@Check('quota_override_kind', `"subject_kind" IN ('user','proposal','beamline','site')`)
@Check('quota_override_amounts', `least(${AMOUNTS}) >= 0 AND num_nonnulls(${AMOUNTS}) > 0`)
@Check('quota_override_times', `"ends_at" > "starts_at"`)
export class QuotaOverrideEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  subjectKind: SubjectKind;

  /** `user_account.id`, proposal key, beamline id, or `site`. */
  @Column({ type: 'text' })
  subjectId: string;

  /** Here and below: null leaves the limit as it is. */
  @Column({ type: 'integer', nullable: true })
  machines: number | null;

  @Column({ type: 'integer', nullable: true })
  vcpus: number | null;

  @Column({ type: 'integer', nullable: true })
  memoryMib: number | null;

  @Column({ type: 'integer', nullable: true })
  storageMib: number | null;

  @Column({ type: 'integer', nullable: true })
  gpus: number | null;

  @Column({ type: 'integer', nullable: true })
  vcpuMinutes: number | null;

  @Column({ type: 'integer', nullable: true })
  gpuMinutes: number | null;

  /** Who is affected reads it. */
  @Column({ type: 'text' })
  reason: string;

  /** Null: from before there were overrides, or their account is gone. */
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  authorId: string | null;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  madeAt: Date;

  @Column({ type: 'timestamptz' })
  startsAt: Date;

  /** Null: until somebody ends it. */
  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  /** Ended by hand. */
  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  endedBy: string | null;
}
