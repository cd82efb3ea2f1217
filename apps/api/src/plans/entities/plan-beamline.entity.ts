import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BeamlineEntity } from '../../site/entities/beamline.entity';
import { PlanEntity } from './plan.entity';

/** A plan is offered for the proposals of this beamline. */
@Entity('plan_beamline')
export class PlanBeamlineEntity {
  @PrimaryColumn({ type: 'text' })
  @ForeignKey(() => PlanEntity, { onDelete: 'CASCADE' })
  planId: string;

  @PrimaryColumn({ type: 'text' })
  @ForeignKey(() => BeamlineEntity, { onDelete: 'CASCADE' })
  beamlineId: string;
}
