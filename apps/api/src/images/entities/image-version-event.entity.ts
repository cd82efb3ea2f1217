import type { ImageVersionEvent } from '@beamdesk/contracts';
import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import { ImageVersionEntity } from './image-version.entity';

/** Who did what with a version, and when; gone with it, while the audit stays. */
@Entity('image_version_event')
@Index(['imageId', 'number'])
@ForeignKey(() => ImageVersionEntity, ['imageId', 'number'], ['imageId', 'number'], { onDelete: 'CASCADE' })
export class ImageVersionEventEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column({ type: 'text' })
  imageId: string;

  @Column({ type: 'integer' })
  number: number;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ type: 'text' })
  what: ImageVersionEvent['what'];

  /** Null: the portal itself. */
  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  whoId: string | null;
}
