import type { EntryOrigin } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';

/** A disk template that machines boot: one the site file names, or one that admins registered. What boots is a version of it. */
@Entity('image')
@Check('image_origin', `"origin" IN ('site','admin')`)
export class ImageEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', default: '' })
  description: string;

  /** Those of the site file are changed there alone. */
  @Column({ type: 'text', default: 'site' })
  origin: EntryOrigin;

  /** Ids of beamlines where plans with it are offered; empty: wherever its plans say. */
  @Column({ type: 'text', array: true, default: () => "'{}'" })
  beamlines: string[];

  /** Ids of techniques, in the same way. */
  @Column({ type: 'text', array: true, default: () => "'{}'" })
  techniques: string[];

  /** Groups of which a person must be in one; empty: everybody. */
  @Column({ type: 'text', array: true, default: () => "'{}'" })
  groups: string[];

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  createdBy: string | null;

  /** Null: from the site file. */
  @Column({ type: 'timestamptz', nullable: true })
  createdAt: Date | null;

  /** False: left the site file, or its folder is not usable; plans on it are not offered. */
  @Column({ type: 'boolean', default: true })
  active: boolean;
}
