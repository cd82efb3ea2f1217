import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { InstanceEntity } from './instance.entity';

/**
 * A console port of a host, held from BUILDING until the machine is confirmed gone: no launch can ever end in another's
 * machine.
 */
@Entity('port_reservation')
@Unique(['instanceId'])
export class PortReservationEntity {
  @PrimaryColumn({ type: 'text' })
  hostId: string;

  @PrimaryColumn({ type: 'integer' })
  port: number;

  @Column({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity)
  instanceId: string;
}
