import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { HostGpuEntity } from './host-gpu.entity';

/**
 * A card that an instance has, from its launch until its machine is confirmed off. The key is what keeps two from having the same one. It may be
 * written before the instance is, in the same transaction.
 */
@Entity('gpu_lease')
@ForeignKey(() => HostGpuEntity, ['hostId', 'address'], ['hostId', 'address'])
@Index(['instanceId'])
export class GpuLeaseEntity {
  @PrimaryColumn({ type: 'text' })
  hostId: string;

  @PrimaryColumn({ type: 'text' })
  address: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { deferrable: 'INITIALLY DEFERRED' })
  instanceId: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  since: Date;
}
