import type { PlanAdminView, PlansView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '../../http/api-error';
import { Site } from '../../site/site';

interface Row extends Omit<PlanAdminView, 'unavailable'> {
  active: boolean | null;
  flavour_gpus: number;
  needed_gpus: number | null;
}

const PLANS = `
  SELECT p.id, p.origin, p.name, p.description, p.image_id AS image, p.flavour_id AS flavour, i.name AS "imageName",
    p.lifetime_minutes AS "lifetimeMinutes", p.idle_minutes AS "idleMinutes", p.keeps_disk AS "keepsDisk", p.network,
    p.extension, p.preset, p.keyboard, p.boot_script AS "bootScript", p.image_values AS "imageValues", p.position,
    ARRAY(SELECT beamline_id FROM plan_beamline b WHERE b.plan_id = p.id ORDER BY 1) AS beamlines,
    ARRAY(SELECT technique_id FROM plan_technique t WHERE t.plan_id = p.id ORDER BY 1) AS techniques,
    (SELECT count(*)::int FROM instance d WHERE d.plan_id = p.id AND d.state <> 'DELETED' AND d.service <> 'trial') AS desktops,
    i.active AND v.number IS NOT NULL AS active, f.gpus AS flavour_gpus, v.gpus AS needed_gpus
  FROM plan p JOIN flavour f ON f.id = p.flavour_id JOIN image i ON i.id = p.image_id
    LEFT JOIN image_version v ON v.image_id = i.id AND v.state = 'active'
  WHERE p.active AND ($1::text IS NULL OR p.id = $1)
  ORDER BY p.position, p.id`;

/** Plans as admins see them. */
@Injectable()
export class PlanViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Site,
  ) {}

  async list(): Promise<PlansView> {
    const name = ({ id, name }: { id: string; name: string }) => ({ id, name });
    return {
      items: await this.read(null),
      beamlines: this.site.beamlines.map(name),
      techniques: this.site.techniques.map(name),
    };
  }

  /** @throws ApiError 404 */
  async one(id: string): Promise<PlanAdminView> {
    const [view] = await this.read(id);
    if (!view) throw notFound();
    return view;
  }

  private async read(id: string | null): Promise<PlanAdminView[]> {
    const rows = await this.dataSource.query<Row[]>(PLANS, [id]);
    return rows.map(({ active, flavour_gpus: has, needed_gpus: needs, ...view }) => ({
      ...view,
      unavailable: active ? lackOf(has, needs ?? 0) : 'Its image has no active version.',
    }));
  }
}

function lackOf(has: number, needs: number): string | null {
  return has >= needs ? null : `Its image needs ${needs} GPUs; its flavour has ${has}.`;
}
