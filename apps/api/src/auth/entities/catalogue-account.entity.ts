import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from './user-account.entity';

/** How a person is known in one catalogue. Linked by the authorisation database, never from a mail or a claim. */
@Entity('catalogue_account')
export class CatalogueAccountEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  catalogue: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  groups: string[];

  @Column({ type: 'text' })
  linkedBy: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  linkedAt: Date;
}
