import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/** A person's own session at a catalogue, kept alive while they are signed in here. Never a password. */
@Entity('catalogue_session')
export class CatalogueSessionEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  catalogue: string;

  /** Whose session it turned out to be: the catalogue's user name. */
  @Column({ type: 'text' })
  account: string;

  /** The session's id there, as `ConsoleSecrets` seals it. */
  @Column({ type: 'bytea' })
  sealed: Buffer;

  /** When it ends there unless it is extended. */
  @Column({ type: 'timestamptz' })
  endsAt: Date;

  /** When to extend it. */
  @Index()
  @Column({ type: 'timestamptz' })
  refreshAt: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  openedAt: Date;
}
