import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/**
 * - `WAITING`: to be sent, or to be tried again
 * - `SENT`: the mail server took it
 * - `GIVEN_UP`: it was refused for good, or tried too often
 */
export type MailState = 'WAITING' | 'SENT' | 'GIVEN_UP';

/** A mail on its way out, written in the transaction of what it tells. */
@Entity('mail')
@Index(['dueAt'], { where: `state = 'WAITING'` })
@Check('mail_state', `"state" IN ('WAITING','SENT','GIVEN_UP')`)
export class MailRowEntity {
  /** Also the stable part of its Message-ID. */
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** Name of its template. */
  @Column({ type: 'text' })
  template: string;

  /** Whom it is for; null: somebody who is known by an address alone. */
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string | null;

  /** Name, address, subject and text are null once nothing is left to send. */
  @Column({ type: 'text', nullable: true })
  toName: string | null;

  @Column({ type: 'text', nullable: true })
  toAddress: string | null;

  @Column({ type: 'text', nullable: true })
  subject: string | null;

  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ type: 'text', default: 'WAITING' })
  state: MailState;

  /** Tries begun. */
  @Column({ type: 'integer', default: 0 })
  tries: number;

  /** When it is to be tried next; while it is being sent, when another process may take it over. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  dueAt: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  queuedAt: Date;

  /** When it was sent or given up. */
  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;
}
