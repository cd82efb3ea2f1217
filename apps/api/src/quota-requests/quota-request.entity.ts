import type { QuotaRequestKind, QuotaRequestState, RequestedAmounts } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';

/** That somebody asked for more quota, or for a longer life of a desktop, and what came of it. */
@Entity('quota_request')
@Index('quota_request_one_open', ['userId', 'kind', 'subject'], { unique: true, where: `"state" = 'OPEN'` })
@Index(['state', 'askedAt'])
@Check('quota_request_kind', `"kind" IN ('QUOTA','LIFE')`)
@Check('quota_request_state', `"state" IN ('OPEN','GRANTED','REFUSED','WITHDRAWN')`)
export class QuotaRequestEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  kind: QuotaRequestKind;

  /** Who asks. */
  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  /** What it is about, for the index: a proposal's key, an instance's id; '': the person. */
  @Column({ type: 'text' })
  subject: string;

  /** Of QUOTA for a proposal, and of LIFE. */
  @Column({ type: 'text', nullable: true })
  proposalKey: string | null;

  @Column({ type: 'text', nullable: true })
  proposalName: string | null;

  /** Of LIFE. */
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => InstanceEntity, { onDelete: 'SET NULL' })
  instanceId: string | null;

  /** Whose staff decide, as known when it was asked; of a person's own quota none: there their proposals say. */
  @Column({ type: 'text', array: true })
  beamlines: string[];

  /** Of QUOTA: the limits that are wanted. */
  @Column({ type: 'jsonb', nullable: true })
  wanted: RequestedAmounts | null;

  /** Of QUOTA: how long it is needed; of LIFE: until when the desktop is to go on. */
  @Column({ type: 'timestamptz' })
  wantedUntil: Date;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text', default: 'OPEN' })
  state: QuotaRequestState;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  askedAt: Date;

  /** Withdrawn, too. */
  @Column({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  decidedBy: string | null;

  /** What staff say to the person. */
  @Column({ type: 'text', nullable: true })
  answer: string | null;

  @Column({ type: 'jsonb', nullable: true })
  granted: RequestedAmounts | null;

  @Column({ type: 'timestamptz', nullable: true })
  grantedUntil: Date | null;
}
