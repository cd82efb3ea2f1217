import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { IdentityEntity } from './identity.entity';
import { UserAccountEntity } from './user-account.entity';

/** How a person is known in one catalogue. Linked by a rule of the site or by the authorisation database, never by a mail. */
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

  /** Whose rule made it, and with which it goes; null: it rests on no identity. */
  @Index()
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => IdentityEntity, { onDelete: 'CASCADE' })
  identityId: string | null;
}
