import type { EntryOrigin, PlanExtension, PlanNetwork } from '@beamdesk/contracts';
import type { BootScript } from '@beamdesk/hypervisor';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ImageEntity } from '../../images/entities/image.entity';
import { FlavourEntity } from './flavour.entity';

/** An image with a flavour on offer. */
@Entity('plan')
@Check('plan_lifetime', `"lifetime_minutes" > 0`)
@Check('plan_idle', `"idle_minutes" > 0`)
@Check('plan_network', `"network" IN ('none','outbound')`)
@Check('plan_origin', `"origin" IN ('site','admin')`)
export class PlanEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'text' })
  @ForeignKey(() => ImageEntity)
  imageId: string;

  @Column({ type: 'text' })
  @ForeignKey(() => FlavourEntity)
  flavourId: string;

  @Column({ type: 'integer' })
  lifetimeMinutes: number;

  /** Stop keeps the machine's disk for the next start. */
  @Column({ type: 'boolean' })
  keepsDisk: boolean;

  /** Without use for so long its desktops are stopped; null: never. */
  @Column({ type: 'integer', nullable: true })
  idleMinutes: number | null;

  @Column({ type: 'text', default: 'none' })
  network: PlanNetwork;

  @Column({ type: 'jsonb', nullable: true })
  extension: PlanExtension | null;

  /** What key presses mean, as XKB names it: "de", "ch(fr)"; null: as the image has it. */
  @Column({ type: 'text', nullable: true })
  keyboard: string | null;

  /** Run in the guest before its session shows itself. */
  @Column({ type: 'jsonb', nullable: true })
  bootScript: BootScript | null;

  /** In place of the image's own values of its boot script or user data. */
  @Column({ type: 'jsonb', default: () => "'{}'" })
  imageValues: Record<string, string>;

  /** Those of the site file are changed there alone. */
  @Column({ type: 'text', default: 'site' })
  origin: EntryOrigin;

  /** Among the plans of a beamline, the one that one click starts. */
  @Column({ type: 'boolean' })
  preset: boolean;

  /** Order in the site file, for choosing among presets. */
  @Column({ type: 'integer' })
  position: number;

  @Column({ type: 'boolean', default: true })
  active: boolean;
}
