import { Logger, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { ImageDescription, Images, ImageUnusable } from '../images/images';
import { notifyTemplates } from '../templates/template-channel';
import { replace } from './replace-rows';
import { Site } from './site';
import { keepRecipe } from '../images/recipe-versions';
import { fillQuotas } from './quota-tables';

/** Any constant will do; it only has to be the same in every process of an installation. */
const SITE_LOCK = 7_207_003;

/** How often images that come later, or anew, are looked for. */
const LOOK_MS = 5_000;

/** What admins added beside the site file is theirs; an id that the file names too becomes the file's. */
const OF_SITE = `origin = 'site'`;

/**
 * Brings the tables in line with the site file when a process starts, in one transaction. Rows that left the file are kept
 * and marked inactive: instances, hosts with machines and old plans still refer to them. Afterwards it looks for images: one
 * that becomes usable, or is put there anew, is taken in without a restart.
 */
export class SiteTables implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Site');
  /** Content of the images that the tables were filled with, by id. */
  private filled = new Map<string, string>();
  private unusable = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly site: Site,
    private readonly images: Images,
    private readonly dataSource: DataSource,
    /** A process without machines may not have the images' folders; it leaves the table of images alone. */
    private readonly hasImages: boolean,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.fill();
    if (this.hasImages) this.lookLater();
  }

  onModuleDestroy(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  async fill(): Promise<void> {
    const described = this.hasImages ? await this.describedImages() : null;
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [SITE_LOCK]);
      await this.fillWithin(manager, described);
      await notifyTemplates(manager);
    });
    if (described) this.filled = contentOf(described);
  }

  /**
   * Fills the tables anew when an image came or changed since. One that went changes nothing: its launches say so, and it may be
   * about to be replaced.
   */
  async look(): Promise<void> {
    const seen = contentOf(await this.describedImages());
    const fresh = [...seen].filter(([id, content]) => this.filled.get(id) !== content).map(([id]) => id);
    if (fresh.length === 0) return;
    await this.fill();
    this.logger.log(`plans of the image ${fresh.join(', ')} are offered`);
  }

  private lookLater(): void {
    this.timer = setTimeout(() => {
      this.look()
        .catch((error: unknown) => this.logger.warn(`images could not be looked for: ${String(error)}`))
        .finally(() => this.timer && this.lookLater());
    }, LOOK_MS).unref();
  }

  private async fillWithin(manager: EntityManager, described: ImageDescription[] | null): Promise<void> {
    const { site } = this;
    await replace(
      manager,
      'beamline',
      site.beamlines.map(({ id, name, technique }) => ({ id, name, technique })),
    );
    await replace(
      manager,
      'service',
      site.services.map(({ id, name }) => ({ id, name })),
    );
    await replace(
      manager,
      'host',
      site.hosts.map((host) => ({
        id: host.name,
        memory_limit_mib: host.memoryLimitMib,
        memory_overcommit: host.memoryOvercommit,
        disk_reserve_mib: host.diskReserveMib,
        port_from: host.ports.from,
        port_to: host.ports.to,
      })),
    );
    await replace(
      manager,
      'flavour',
      site.flavours.map(({ id, vcpus, memoryMib, diskMib, gpus }) => ({
        ...{ id, vcpus, memory_mib: memoryMib, disk_mib: diskMib, gpus },
        origin: 'site',
      })),
      OF_SITE,
    );
    if (described) {
      const rows = described.map(({ id, name }) => ({
        ...{ id, name, origin: 'site' },
        ...{ beamlines: [], techniques: [], groups: [] },
      }));
      await replace(manager, 'image', rows, OF_SITE);
      for (const image of described) await keepRecipe(manager, image);
    }
    await this.fillPlans(manager);
    await fillQuotas(manager, site.quotas);
  }

  /** Plans of an image that was never seen usable can't refer to it, so they are left out until it is. */
  private async fillPlans(manager: EntityManager): Promise<void> {
    const known = await manager.query<{ id: string }[]>('SELECT id FROM image');
    const plans = this.site.plans
      .map((plan, position) => ({ ...plan, position }))
      .filter((plan) => known.some(({ id }) => id === plan.image));
    await replace(
      manager,
      'plan',
      plans.map((plan) => ({
        id: plan.id,
        name: plan.name,
        description: plan.description,
        image_id: plan.image,
        flavour_id: plan.flavour,
        lifetime_minutes: plan.lifetimeMinutes,
        keeps_disk: plan.keepsDisk,
        idle_minutes: plan.idleMinutes,
        network: plan.network,
        extension: plan.extension && JSON.stringify(plan.extension),
        preset: plan.preset,
        position: plan.position,
        keyboard: plan.keyboard,
        boot_script: plan.bootScript && JSON.stringify(plan.bootScript),
        image_values: '{}',
        origin: 'site',
      })),
      OF_SITE,
    );
    const of = (name: 'beamlines' | 'techniques') => plans.map((plan) => ({ plan: plan.id, ids: plan[name] }));
    await this.pair(manager, 'plan_beamline', 'beamline_id', of('beamlines'));
    await this.pair(manager, 'plan_technique', 'technique_id', of('techniques'));
  }

  /** Table and column are ours, never input. */
  private async pair(
    manager: EntityManager,
    table: string,
    column: string,
    plans: { plan: string; ids: string[] }[],
  ): Promise<void> {
    const pairs = plans.flatMap(({ plan, ids }) => ids.map((id) => [plan, id] as const));
    await manager.query(`DELETE FROM ${table} WHERE plan_id IN (SELECT id FROM plan WHERE ${OF_SITE})`);
    await manager.query(`INSERT INTO ${table} (plan_id, ${column}) SELECT * FROM unnest($1::text[], $2::text[])`, [
      pairs.map(([plan]) => plan),
      pairs.map(([, id]) => id),
    ]);
  }

  private async describedImages(): Promise<ImageDescription[]> {
    const described: ImageDescription[] = [];
    const unusable = new Map<string, string>();
    for (const { id } of this.site.images) {
      try {
        described.push(await this.images.describe(id));
      } catch (error) {
        if (!(error instanceof ImageUnusable)) throw error;
        unusable.set(id, error.detail);
        if (this.unusable.get(id) === error.detail) continue;
        this.logger.error(`image ${id} is not usable, its plans are not offered: ${error.detail}`);
      }
    }
    this.unusable = unusable;
    return described;
  }
}

function contentOf(described: ImageDescription[]): Map<string, string> {
  return new Map(described.map((image) => [image.id, JSON.stringify(image)]));
}
