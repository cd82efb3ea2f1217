import type { ImageFormatName, ImageSetup, ImageSource, ImageStep, ImageVersionState, SoftwareEntry } from '@beamdesk/contracts';
import type { Architecture, Firmware, Protocol } from '@beamdesk/hypervisor';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import { ImageEntity } from './image.entity';

/** How a version boots; paths are the reader's to add. */
export type ImageBoot = { kind: 'disk' } | { kind: 'iso' } | { kind: 'kernel'; cmdline: string };

/** From where a version comes. recipe: a folder of IMAGES_DIR. An upload carries the name and checksum its person gave. */
export type VersionSource =
  | { kind: 'recipe'; name: string }
  | Extract<ImageSource, { kind: 'file' | 'url' }>
  | { kind: 'upload'; upload: string; name: string; sha256: string | null };

/** One content of an image, never changed once it is taken in. */
@Entity('image_version')
@Check('image_version_state', `"state" IN ('importing','draft','active','retired','failed')`)
@Check('image_version_content', `"sha256" IS NOT NULL OR "state" IN ('importing','failed')`)
@Index('image_version_active', ['imageId'], { unique: true, where: `"state" = 'active'` })
@Index('image_version_sha256', ['sha256'])
export class ImageVersionEntity {
  @PrimaryColumn({ type: 'text' })
  @ForeignKey(() => ImageEntity, { onDelete: 'CASCADE' })
  imageId: string;

  /** From 1. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'text' })
  state: ImageVersionState;

  /** Rises when it is aborted or tried again: whoever works on an earlier one writes nothing more. */
  @Column({ type: 'integer', default: 1 })
  attempt: number;

  /** While importing; null: waiting. */
  @Column({ type: 'text', nullable: true })
  step: ImageStep | null;

  /** Of the step, 0 to 1. */
  @Column({ type: 'double precision', nullable: true })
  fraction: number | null;

  @Column({ type: 'text', nullable: true })
  failureCode: string | null;

  @Column({ type: 'text', nullable: true })
  failureMessage: string | null;

  @Column({ type: 'text', nullable: true })
  failureDetail: string | null;

  @Column({ type: 'jsonb' })
  source: VersionSource;

  @Column({ type: 'boolean', default: false })
  asRaw: boolean;

  @Column({ type: 'text', nullable: true })
  format: ImageFormatName | null;

  /** Of what is booted, hexadecimal. */
  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'bigint', nullable: true })
  sizeBytes: string | null;

  @Column({ type: 'integer', nullable: true })
  virtualMib: number | null;

  @Column({ type: 'jsonb' })
  boot: ImageBoot;

  @Column({ type: 'text' })
  protocol: Protocol;

  @Column({ type: 'text', default: 'bios' })
  firmware: Firmware;

  @Column({ type: 'text', default: 'x86_64' })
  architecture: Architecture;

  /** The guest runs our agent. */
  @Column({ type: 'boolean' })
  agent: boolean;

  @Column({ type: 'boolean', default: true })
  clonable: boolean;

  @Column({ type: 'integer', default: 0 })
  gpus: number;

  @Column({ type: 'jsonb', nullable: true })
  setup: ImageSetup | null;

  @Column({ type: 'jsonb', default: () => "'[]'" })
  software: SoftwareEntry[];

  @Column({ type: 'uuid', nullable: true })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'SET NULL' })
  createdBy: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
