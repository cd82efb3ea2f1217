import type { RequestState } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/** That somebody asked to be let in, and what came of it. One open one a person. */
@Entity('authorisation_request')
@Index(['userId'], { unique: true, where: `state = 'open'` })
@Index(['state', 'askedAt'])
@Check('authorisation_request_state', `"state" IN ('open','granted','refused','withdrawn')`)
export class AuthorisationRequestEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text', default: 'open' })
  state: RequestState;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  askedAt: Date;

  @Column({ type: 'text' })
  affiliation: string;

  @Column({ type: 'text' })
  reason: string;

  /** As the person wrote it. */
  @Column({ type: 'text', nullable: true })
  proposal: string | null;

  /** Id of one in the site file at that time. */
  @Column({ type: 'text', nullable: true })
  beamline: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  /** Null: nobody yet, the portal itself, or somebody whose account is gone. */
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  decidedBy: string | null;

  /** What the staff say to the person. */
  @Column({ type: 'text', nullable: true })
  answer: string | null;
}
