import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Failed tries of one account name, whether there is such an account or not. */
@Entity('password_attempts')
export class PasswordAttemptsEntity {
  /** SHA-256 of the name in hex: people type passwords where names belong. */
  @PrimaryColumn({ type: 'text' })
  key: string;

  @Column({ type: 'integer' })
  failures: number;

  /** No try counts before. */
  @Column({ type: 'timestamptz' })
  lockedUntil: Date;

  @Index()
  @Column({ type: 'timestamptz' })
  lastAt: Date;
}
