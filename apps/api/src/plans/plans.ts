import type { BootScript } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlanExtension, PlanNetwork, PlanSnapshot } from '../instances/plan-snapshot';
import type { Site } from '../site/site';
import type { OfferedPlan } from './offer';

interface PlanRow {
  id: string;
  name: string;
  description: string;
  image_id: string;
  lifetime_minutes: number;
  keeps_disk: boolean;
  idle_minutes: number | null;
  network: PlanNetwork;
  extension: PlanExtension | null;
  preset: boolean;
  keyboard: string | null;
  boot_script: BootScript | null;
  vcpus: number;
  memory_mib: number;
  disk_mib: number;
  gpus: number;
  beamlines: string[];
  techniques: string[];
}

/** To the user; the log and the operator's pages know which image, and why. */
const NO_IMAGE = 'Its image is not there at the moment. The facility sees that in its log.';

const OFFERED = `
  SELECT p.id, p.name, p.description, p.image_id, p.lifetime_minutes, p.keeps_disk, p.preset,
    p.keyboard, p.boot_script, p.idle_minutes, p.network, p.extension,
    f.vcpus, f.memory_mib, f.disk_mib, f.gpus,
    ARRAY(SELECT beamline_id FROM plan_beamline b WHERE b.plan_id = p.id ORDER BY 1) AS beamlines,
    ARRAY(SELECT technique_id FROM plan_technique t WHERE t.plan_id = p.id ORDER BY 1) AS techniques
  FROM plan p JOIN flavour f ON f.id = p.flavour_id JOIN image i ON i.id = p.image_id
  WHERE p.active AND f.active AND i.active
  ORDER BY p.position, p.id`;

/** What the site offers now. An instance keeps the plan it was promised; see `PlanSnapshot`. */
@Injectable()
export class Plans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Pick<Site, 'plans' | 'flavours'>,
  ) {}

  /** What can be started, in the order of the site file. */
  async all(): Promise<OfferedPlan[]> {
    const rows = await this.dataSource.query<PlanRow[]>(OFFERED);
    return rows.map((row) => {
      const { preset, beamlines, techniques } = row;
      return { plan: snapshot(row), preset, beamlines, techniques, unavailable: null };
    });
  }

  /** As `all`, and behind them those that can't be started because their image is not there. */
  async withUnavailable(): Promise<OfferedPlan[]> {
    const offered = await this.all();
    const there = new Set(offered.map(({ plan }) => plan.id));
    const missing = this.site.plans.filter(({ id }) => !there.has(id));
    return [...offered, ...missing.flatMap((plan) => withoutImage(plan, this.site.flavours))];
  }

  /** Null: no such plan, or no longer offered. */
  async find(id: string): Promise<PlanSnapshot | null> {
    return (await this.all()).find(({ plan }) => plan.id === id)?.plan ?? null;
  }
}

function withoutImage(plan: Site['plans'][number], flavours: Site['flavours']): OfferedPlan[] {
  const flavour = flavours.find(({ id }) => id === plan.flavour);
  if (!flavour) return [];
  const row = {
    id: plan.id,
    name: plan.name,
    description: plan.description,
    image_id: plan.image,
    lifetime_minutes: plan.lifetimeMinutes,
    keeps_disk: plan.keepsDisk,
    idle_minutes: plan.idleMinutes,
    network: plan.network,
    extension: plan.extension,
    keyboard: plan.keyboard,
    boot_script: plan.bootScript,
    vcpus: flavour.vcpus,
    memory_mib: flavour.memoryMib,
    disk_mib: flavour.diskMib,
    gpus: flavour.gpus,
  };
  const { preset, beamlines, techniques } = plan;
  return [{ plan: snapshot(row), preset, beamlines, techniques, unavailable: NO_IMAGE }];
}

function snapshot(row: Omit<PlanRow, 'preset' | 'beamlines' | 'techniques'>): PlanSnapshot {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    imageId: row.image_id,
    flavour: { vcpus: row.vcpus, memoryMib: row.memory_mib, diskMib: row.disk_mib, gpus: row.gpus },
    needs: {
      machines: 1,
      vcpus: row.vcpus,
      memoryMib: row.memory_mib,
      storageMib: row.disk_mib,
      gpus: row.gpus ?? 0,
    },
    lifetimeMinutes: row.lifetime_minutes,
    keepsDisk: row.keeps_disk,
    idleMinutes: row.idle_minutes,
    network: row.network,
    extension: row.extension,
    keyboard: row.keyboard,
    bootScript: row.boot_script,
  };
}
