import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A machine of this installation that no row explains: set aside and reported, destroyed only after a grace. */
@Entity('orphan_machine')
export class OrphanMachineEntity {
  @PrimaryColumn({ type: 'uuid' })
  machineId: string;

  @Column({ type: 'text' })
  hostId: string;

  /** The adapter's own name for it. */
  @Column({ type: 'text' })
  ref: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  firstSeenAt: Date;
}
