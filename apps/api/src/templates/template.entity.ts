import type { TemplateState } from '@beamdesk/contracts';
import type { Protocol } from '@beamdesk/hypervisor';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A template as the worker of its host last saw it; `rebuildAskedAt` apart, only that worker writes. Amounts in MiB. */
@Entity('template')
@Index(['imageId'])
@Check('template_state', `"state" IN ('waiting','building','ready','set-aside','impossible')`)
export class TemplateEntity {
  @PrimaryColumn({ type: 'text' })
  hostId: string;

  /** The hypervisor's: changes with everything that must be equal in all copies. */
  @PrimaryColumn({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  imageId: string;

  @Column({ type: 'integer' })
  vcpus: number;

  @Column({ type: 'integer' })
  memoryMib: number;

  @Column({ type: 'integer' })
  diskMib: number;

  @Column({ type: 'text' })
  protocol: Protocol;

  /** In the order they are built. */
  @Column({ type: 'integer' })
  position: number;

  @Column({ type: 'text' })
  state: TemplateState;

  @Column({ type: 'timestamptz' })
  stateSince: Date;

  /** Launches of today's offer use it. */
  @Column({ type: 'boolean' })
  wanted: boolean;

  @Column({ type: 'text', nullable: true })
  step: string | null;

  /** 0 to 1 while it is built. */
  @Column({ type: 'double precision', nullable: true })
  progress: number | null;

  @Column({ type: 'integer' })
  failures: number;

  @Column({ type: 'text', nullable: true })
  failure: string | null;

  @Column({ type: 'double precision', nullable: true })
  buildSeconds: number | null;

  @Column({ type: 'integer', nullable: true })
  sizeMib: number | null;

  /** Machines that hold on to it. */
  @Column({ type: 'integer' })
  machines: number;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  observedAt: Date;

  /** An admin wants it built anew; cleared by the worker when it begins. */
  @Column({ type: 'timestamptz', nullable: true })
  rebuildAskedAt: Date | null;
}
