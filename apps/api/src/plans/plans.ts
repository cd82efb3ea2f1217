import type { BootScript } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlanSnapshot } from '../instances/plan-snapshot';

interface PlanRow {
  id: string;
  name: string;
  description: string;
  image_id: string;
  lifetime_minutes: number;
  keeps_disk: boolean;
  preset: boolean;
  keyboard: string | null;
  boot_script: BootScript | null;
  vcpus: number;
  memory_mib: number;
  disk_mib: number;
  beamlines: string[];
}

/** A plan on offer, and where. */
export interface OfferedPlan {
  plan: PlanSnapshot;
  preset: boolean;
  beamlines: string[];
}

const OFFERED = `
  SELECT p.id, p.name, p.description, p.image_id, p.lifetime_minutes, p.keeps_disk, p.preset,
    p.keyboard, p.boot_script,
    f.vcpus, f.memory_mib, f.disk_mib,
    ARRAY(SELECT beamline_id FROM plan_beamline b WHERE b.plan_id = p.id ORDER BY 1) AS beamlines
  FROM plan p JOIN flavour f ON f.id = p.flavour_id JOIN image i ON i.id = p.image_id
  WHERE p.active AND f.active AND i.active
  ORDER BY p.position, p.id`;

/** What the site offers now. An instance keeps the plan it was promised; see `PlanSnapshot`. */
@Injectable()
export class Plans {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<OfferedPlan[]> {
    const rows = await this.dataSource.query<PlanRow[]>(OFFERED);
    return rows.map((row) => ({ plan: snapshot(row), preset: row.preset, beamlines: row.beamlines }));
  }

  /** Null: no such plan, or no longer offered. */
  async find(id: string): Promise<PlanSnapshot | null> {
    return (await this.all()).find(({ plan }) => plan.id === id)?.plan ?? null;
  }

  /**
   * The plan that one click starts for a proposal of these beamlines: the first preset of the site file that is offered at
   * one of them. Null: nothing is offered. For a list of proposals call `all()` once and `choosePreset` for each.
   */
  async presetFor(beamlineIds: readonly string[]): Promise<PlanSnapshot | null> {
    return choosePreset(await this.all(), beamlineIds);
  }
}

/** As `Plans.presetFor`, over plans at hand. */
export function choosePreset(offered: readonly OfferedPlan[], beamlineIds: readonly string[]): PlanSnapshot | null {
  const fits = offered.filter((offer) => offer.beamlines.some((id) => beamlineIds.includes(id)));
  return fits.find((offer) => offer.preset)?.plan ?? null;
}

function snapshot(row: PlanRow): PlanSnapshot {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    imageId: row.image_id,
    flavour: { vcpus: row.vcpus, memoryMib: row.memory_mib, diskMib: row.disk_mib },
    needs: { machines: 1, vcpus: row.vcpus, memoryMib: row.memory_mib, storageMib: row.disk_mib },
    lifetimeMinutes: row.lifetime_minutes,
    keepsDisk: row.keeps_disk,
    keyboard: row.keyboard,
    bootScript: row.boot_script,
  };
}
