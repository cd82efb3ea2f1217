import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Default limits, written from the site file: of a role's people, of every proposal, of every beamline, of the site. Null: no
 * limit. Memory and storage in MiB; minutes are those of a period.
 */
@Entity('quota_limit')
@Check('quota_limit_kind', `"subject_kind" IN ('role','proposal','beamline','site')`)
@Check('quota_limit_amounts', 'least(machines, vcpus, memory_mib, storage_mib, gpus, vcpu_minutes, gpu_minutes) >= 0')
export class QuotaLimitEntity {
  @PrimaryColumn({ type: 'text' })
  subjectKind: 'role' | 'proposal' | 'beamline' | 'site';

  /** Name of the role; `*` of the other kinds. */
  @PrimaryColumn({ type: 'text' })
  subjectId: string;

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
}
