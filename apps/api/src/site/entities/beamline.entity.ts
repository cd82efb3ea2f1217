import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A beamline plans can be offered for. Written from the site file; one that left the file is kept, not active. */
@Entity('beamline')
export class BeamlineEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  technique: string;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}
