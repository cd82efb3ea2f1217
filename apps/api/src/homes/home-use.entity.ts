import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

/** What a person's home folder held when a desktop of theirs last had it; written by the worker of that desktop's host. */
@Entity('home_use')
@Check('home_use_bytes', `"used_bytes" >= 0`)
export class HomeUseEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  /** As allocated; PostgreSQL's bigint comes as text. */
  @Column({ type: 'bigint' })
  usedBytes: string;

  @Column({ type: 'timestamptz' })
  measuredAt: Date;
}
