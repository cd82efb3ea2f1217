import type { EntryOrigin } from '@beamdesk/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** vCPUs, memory and disk (MiB) of a machine. */
@Entity('flavour')
@Check('flavour_amounts', `"vcpus" > 0 AND "memory_mib" > 0 AND "disk_mib" > 0 AND "gpus" >= 0`)
@Check('flavour_origin', `"origin" IN ('site','admin')`)
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

  /** Those of the site file are changed there alone. */
  @Column({ type: 'text', default: 'site' })
  origin: EntryOrigin;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}
