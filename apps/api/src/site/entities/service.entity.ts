import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a plan can start; `desktop` for now. */
@Entity('service')
export class ServiceEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}
