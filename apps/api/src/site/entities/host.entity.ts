import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A computer that runs machines. Limits come from the site file; the capacity figures are what its worker saw last
 * (all null before), MiB throughout.
 */
@Entity('host')
@Check('host_amounts', `"memory_limit_mib" >= 0 AND "disk_reserve_mib" >= 0`)
@Check('host_overcommit', `"memory_overcommit" >= 1`)
@Check('host_ports', `"port_from" BETWEEN 1 AND "port_to" AND "port_to" <= 65535`)
export class HostEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** What all machines together may hold; 0 = as much as the computer has available. */
  @Column({ type: 'integer' })
  memoryLimitMib: number;

  /** How many times over its memory is promised: 1 = every desktop can fill all of its own. */
  @Column({ type: 'double precision', default: 1 })
  memoryOvercommit: number;

  /** Stays free on the disk of the machines whatever is launched. */
  @Column({ type: 'integer' })
  diskReserveMib: number;

  /** Console ports, both ends included. */
  @Column({ type: 'integer' })
  portFrom: number;

  @Column({ type: 'integer' })
  portTo: number;

  @Column({ type: 'boolean', default: true })
  active: boolean;

  @Column({ type: 'text', nullable: true })
  accelerator: 'kvm' | 'tcg' | null;

  @Column({ type: 'integer', nullable: true })
  vcpus: number | null;

  @Column({ type: 'integer', nullable: true })
  memoryTotalMib: number | null;

  @Column({ type: 'integer', nullable: true })
  memoryAvailableMib: number | null;

  @Column({ type: 'integer', nullable: true })
  diskAvailableMib: number | null;

  /** Of the file system that the machines are on. */
  @Column({ type: 'integer', nullable: true })
  diskTotalMib: number | null;

  /** Load average of the last minute for each processor, in thousandths: 1000 = as much to do as there are processors. */
  @Column({ type: 'integer', nullable: true })
  cpuLoadPermille: number | null;

  /** Share of the last minute in which something waited for a processor; null where the kernel doesn't tell. */
  @Column({ type: 'integer', nullable: true })
  cpuPressurePermille: number | null;

  /** Takes no new launches; what runs there goes on. */
  @Column({ type: 'boolean', default: false })
  draining: boolean;

  /** `user_account.id`, which may be gone. */
  @Column({ type: 'uuid', nullable: true })
  drainingBy: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  drainingAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  observedAt: Date | null;
}
