import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HostEntity } from '../site/entities/host.entity';

/** A graphics card of a host as its worker last saw it; nobody else writes. */
@Entity('host_gpu')
export class HostGpuEntity {
  @PrimaryColumn({ type: 'text' })
  @ForeignKey(() => HostEntity)
  hostId: string;

  /** PCI address of its first function. */
  @PrimaryColumn({ type: 'text' })
  address: string;

  @Column({ type: 'text', array: true })
  functions: string[];

  @Column({ type: 'text' })
  vendor: string;

  @Column({ type: 'text' })
  device: string;

  @Column({ type: 'text' })
  pciClass: string;

  @Column({ type: 'text', nullable: true })
  driver: string | null;

  @Column({ type: 'integer', nullable: true })
  iommuGroup: number | null;

  @Column({ type: 'text', array: true })
  groupMembers: string[];

  @Column({ type: 'integer', nullable: true })
  numaNode: number | null;

  @Column({ type: 'text', array: true })
  mdevTypes: string[];

  @Column({ type: 'boolean' })
  allowed: boolean;

  /** Why no machine can have it; null: one can. */
  @Column({ type: 'text', nullable: true })
  unusable: string | null;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  seenAt: Date;
}
