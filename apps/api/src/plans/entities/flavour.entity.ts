import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** vCPUs, memory and disk (MiB) of a machine. */
@Entity('flavour')
@Check('flavour_amounts', `"vcpus" > 0 AND "memory_mib" > 0 AND "disk_mib" > 0 AND "gpus" >= 0`)
export class FlavourEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'integer' })
  vcpus: number;

  @Column({ type: 'integer' })
  memoryMib: number;

  @Column({ type: 'integer' })
  diskMib: number;

  /** Whole ones, passed through. */
  @Column({ type: 'integer', default: 0 })
  gpus: number;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}
