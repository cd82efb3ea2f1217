import type { AnnouncementKind } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/** What administrators tell everybody; of kind `maintenance` it also holds back launches while it lasts. */
@Entity('announcement')
@Check('announcement_kind', `"kind" IN ('info','warning','maintenance')`)
@Check('announcement_times', `"shown_from" <= "starts_at" AND ("ends_at" IS NULL OR "ends_at" > "starts_at")`)
export class AnnouncementEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  kind: AnnouncementKind;

  @Column({ type: 'text' })
  text: string;

  @Column({ type: 'timestamptz' })
  shownFrom: Date;

  @Column({ type: 'timestamptz' })
  startsAt: Date;

  /** Null: until somebody ends it. */
  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  /** Ended before its time. */
  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  madeAt: Date;

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  madeBy: string | null;
}
