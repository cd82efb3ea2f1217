import type { InstanceState } from '@beamdesk/contracts';
import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { InstanceEntity } from './instance.entity';

/** One timestamped row a move: the history of an instance. */
@Entity('instance_move')
@Index(['instanceId', 'id'])
export class InstanceMoveEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  /** Null: the record began here. */
  @Column({ type: 'text', nullable: true })
  fromState: InstanceState | null;

  @Column({ type: 'text' })
  toState: InstanceState;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  /** A stable word, for people who support users. */
  @Column({ type: 'text' })
  reason: string;
}
