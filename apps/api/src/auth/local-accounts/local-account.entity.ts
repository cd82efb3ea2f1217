import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An account of our own. Never removed, so that its name never comes to mean somebody else: it is disabled. Its person is
 * found as every other, by an identity: LOCAL_ISSUER and the name.
 */
@Entity('local_account')
export class LocalAccountEntity {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  displayName: string;

  /** Only shown. */
  @Column({ type: 'text', nullable: true })
  email: string | null;

  /** PHC string of Argon2id. */
  @Column({ type: 'text' })
  passwordHash: string;

  /** Until when the password may be used, once, to set another; null: it is the person's own. */
  @Column({ type: 'timestamptz', nullable: true })
  oneTimeUntil: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  disabledAt: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
