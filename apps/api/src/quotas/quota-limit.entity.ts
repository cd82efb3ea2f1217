import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Limits of a role (the defaults of its people) or of one user (which then replace the role's). Memory, storage in MiB. */
@Entity('quota_limit')
@Check('quota_limit_kind', `"subject_kind" IN ('role','user')`)
@Check('quota_limit_amounts', `"machines" >= 0 AND "vcpus" >= 0 AND "memory_mib" >= 0 AND "storage_mib" >= 0`)
export class QuotaLimitEntity {
  @PrimaryColumn({ type: 'text' })
  subjectKind: 'role' | 'user';

  /** Role name, or the user's id. */
  @PrimaryColumn({ type: 'text' })
  subjectId: string;

  @Column({ type: 'integer' })
  machines: number;

  @Column({ type: 'integer' })
  vcpus: number;

  @Column({ type: 'integer' })
  memoryMib: number;

  @Column({ type: 'integer' })
  storageMib: number;
}
