import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { InstanceEntity } from './instance.entity';

/**
 * What an instance held from one moment to another: one row for each stretch with the same allocation, written in the
 * statements that change allocations. The one source of hours, charts of use and their tables.
 */
@Entity('allocation_period')
@Index('allocation_period_one_open', ['instanceId'], { unique: true, where: `"to_at" IS NULL` })
@Index(['instanceId'])
@Index(['ownerId', 'toAt'])
@Index(['proposalKey', 'toAt'])
@Index(['beamlineId', 'toAt'])
@Index(['toAt'])
@Check('allocation_period_order', `"to_at" >= "from_at"`)
export class AllocationPeriodEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  @Column({ type: 'uuid' })
  ownerId: string;

  @Column({ type: 'text' })
  proposalKey: string;

  @Column({ type: 'text' })
  proposalName: string;

  /** Null: of none the site knows, or from before that was noted. */
  @Column({ type: 'text', nullable: true })
  beamlineId: string | null;

  @Column({ type: 'text' })
  imageId: string;

  @Column({ type: 'text' })
  planId: string;

  @Column({ type: 'integer' })
  machines: number;

  @Column({ type: 'integer' })
  vcpus: number;

  @Column({ type: 'integer' })
  memoryMib: number;

  @Column({ type: 'integer' })
  storageMib: number;

  @Column({ type: 'integer' })
  gpus: number;

  @Column({ type: 'timestamptz' })
  fromAt: Date;

  /** Null: holds still. */
  @Column({ type: 'timestamptz', nullable: true })
  toAt: Date | null;
}
