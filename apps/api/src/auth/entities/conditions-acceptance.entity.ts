import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from './user-account.entity';

/** That a person accepted one version of the Conditions of Usage; never changed, never removed. */
@Entity('conditions_acceptance')
export class ConditionsAcceptanceEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  version: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  acceptedAt: Date;
}
