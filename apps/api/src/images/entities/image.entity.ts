import type { Protocol } from '@beamdesk/hypervisor';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the image's own description says it boots; paths are the reader's to add. */
export type ImageBoot = { kind: 'disk' } | { kind: 'kernel'; cmdline: string };

/** A disk template a machine boots. What the site file names, with what its folder's image.json says of it. */
@Entity('image')
export class ImageEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  /** Of disk.qcow2, hexadecimal. */
  @Column({ type: 'text' })
  sha256: string;

  @Column({ type: 'jsonb' })
  boot: ImageBoot;

  /** The guest runs our agent. */
  @Column({ type: 'boolean' })
  agent: boolean;

  @Column({ type: 'text' })
  protocol: Protocol;

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  software: string[];

  /** False: left the site file, or its folder is not usable; plans on it are not offered. */
  @Column({ type: 'boolean', default: true })
  active: boolean;
}
