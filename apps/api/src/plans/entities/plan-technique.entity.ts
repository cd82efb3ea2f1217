import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { PlanEntity } from './plan.entity';

/** A plan is offered for the proposals that use this technique of the site file. */
@Entity('plan_technique')
export class PlanTechniqueEntity {
  @PrimaryColumn({ type: 'text' })
  @ForeignKey(() => PlanEntity, { onDelete: 'CASCADE' })
  planId: string;

  /** Techniques live in the site file alone. */
  @PrimaryColumn({ type: 'text' })
  techniqueId: string;
}
