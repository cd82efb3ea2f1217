import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlanSnapshot } from '../instances/plan-snapshot';
import type { Site } from '../site/site';
import type { ImageOffer, OfferedPlan } from './offer';
import { type PlanRow, snapshotOf } from './snapshot';

interface OfferedRow extends PlanRow {
  preset: boolean;
  beamlines: string[];
  techniques: string[];
  image_offer: ImageOffer;
}

/** To the user; the log and the operator's pages know which image, and why. */
const NO_IMAGE = 'Its image is not there at the moment. The facility sees that in its log.';

const ANYWHERE: ImageOffer = { beamlines: [], techniques: [], groups: [] };

const OFFERED = `
  SELECT p.id, p.name, p.description, p.image_id, p.lifetime_minutes, p.keeps_disk, p.preset,
    p.keyboard, p.boot_script, p.idle_minutes, p.network, p.extension, p.image_values,
    f.vcpus, f.memory_mib, f.disk_mib, f.gpus,
    v.number AS image_version, v.setup, v.virtual_mib,
    json_build_object('beamlines', i.beamlines, 'techniques', i.techniques, 'groups', i.groups) AS image_offer,
    ARRAY(SELECT beamline_id FROM plan_beamline b WHERE b.plan_id = p.id ORDER BY 1) AS beamlines,
    ARRAY(SELECT technique_id FROM plan_technique t WHERE t.plan_id = p.id ORDER BY 1) AS techniques
  FROM plan p JOIN flavour f ON f.id = p.flavour_id JOIN image i ON i.id = p.image_id
    JOIN image_version v ON v.image_id = i.id AND v.state = 'active'
  WHERE p.active AND f.active AND i.active AND f.gpus >= v.gpus
  ORDER BY p.position, p.id`;

/** What the site offers now. An instance keeps the plan it was promised; see `PlanSnapshot`. */
@Injectable()
export class Plans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Pick<Site, 'plans' | 'flavours'>,
  ) {}

  /** What can be started, in the order of the site file, with what admins added. */
  async all(): Promise<OfferedPlan[]> {
    const rows = await this.dataSource.query<OfferedRow[]>(OFFERED);
    return rows.map((row) => {
      const { preset, beamlines, techniques, image_offer: image } = row;
      return { plan: snapshotOf(row), preset, beamlines, techniques, image, unavailable: null };
    });
  }

  /** As `all`, and behind them those of the site file that can't be started because their image is not there. */
  async withUnavailable(): Promise<OfferedPlan[]> {
    const offered = await this.all();
    const there = new Set(offered.map(({ plan }) => plan.id));
    const missing = this.site.plans.filter(({ id }) => !there.has(id));
    return [...offered, ...missing.flatMap((plan) => withoutImage(plan, this.site.flavours))];
  }

  /** As `withUnavailable`, without plans whose image is for groups this person is in none of. */
  async forPerson(userId: string): Promise<OfferedPlan[]> {
    const offered = await this.withUnavailable();
    if (offered.every(({ image }) => image.groups.length === 0)) return offered;
    const rows = await this.dataSource.query<{ name: string }[]>(
      'SELECT DISTINCT unnest(groups) AS name FROM identity WHERE user_id = $1',
      [userId],
    );
    const own = new Set(rows.map(({ name }) => name));
    return offered.filter(({ image }) => image.groups.length === 0 || image.groups.some((name) => own.has(name)));
  }

  /** Null: no such plan, or no longer offered. */
  async find(id: string): Promise<PlanSnapshot | null> {
    return (await this.all()).find(({ plan }) => plan.id === id)?.plan ?? null;
  }
}

function withoutImage(plan: Site['plans'][number], flavours: Site['flavours']): OfferedPlan[] {
  const flavour = flavours.find(({ id }) => id === plan.flavour);
  if (!flavour) return [];
  const snapshot = snapshotOf({
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
    image_values: {},
    vcpus: flavour.vcpus,
    memory_mib: flavour.memoryMib,
    disk_mib: flavour.diskMib,
    gpus: flavour.gpus,
    image_version: null,
    setup: null,
    virtual_mib: null,
  });
  const { preset, beamlines, techniques } = plan;
  return [{ plan: snapshot, preset, beamlines, techniques, image: ANYWHERE, unavailable: NO_IMAGE }];
}
