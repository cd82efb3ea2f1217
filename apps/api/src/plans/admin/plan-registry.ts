import type { NewPlan, PlanChange } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { ApiError, badRequest, notFound } from '../../http/api-error';
import { ImageVersionEntity } from '../../images/entities/image-version.entity';
import { ImageEntity } from '../../images/entities/image.entity';
import { fromSiteFile, idTaken, unknownIds } from '../../images/registry/refusals';
import { Site } from '../../site/site';
import { notifyTemplates } from '../../templates/template-channel';
import { FlavourEntity } from '../entities/flavour.entity';
import { PlanBeamlineEntity } from '../entities/plan-beamline.entity';
import { PlanTechniqueEntity } from '../entities/plan-technique.entity';
import { PlanEntity } from '../entities/plan.entity';

type Wanted = Omit<NewPlan, 'id'>;

/** Two admins who change presets at once are one after the other. */
const PLANS_LOCK = 7_207_018;

/** Plans that admins make beside those of the site file. Desktops go on with what they were promised, whatever becomes of the plan. */
@Injectable()
export class PlanRegistry {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly site: Site,
  ) {}

  /** @throws ApiError 409 ID_TAKEN, PRESET_TAKEN, TOO_FEW_GPUS, 400 UNKNOWN_REFERENCE */
  async make(person: Person, { id, ...plan }: NewPlan): Promise<void> {
    await this.within(async (manager) => {
      const known = this.site.plans.some((one) => one.id === id);
      if (known || (await manager.existsBy(PlanEntity, { id }))) throw idTaken('plan', id);
      await this.check(manager, id, plan);
      await manager.insert(PlanEntity, { id, ...columnsOf(plan), origin: 'admin' });
      await this.offer(manager, id, plan);
      await this.told(manager, person, id, 'made', plan);
    });
  }

  /** @throws ApiError 404, 409 FROM_SITE_FILE, PRESET_TAKEN, TOO_FEW_GPUS, 400 UNKNOWN_REFERENCE, BAD_REQUEST */
  async change(person: Person, id: string, change: PlanChange): Promise<void> {
    await this.within(async (manager) => {
      const plan = { ...(await this.present(manager, id)), ...change };
      if (plan.beamlines.length + plan.techniques.length === 0) {
        throw badRequest([{ path: '', message: 'must name beamlines or techniques' }]);
      }
      await this.check(manager, id, plan);
      await manager.update(PlanEntity, { id }, columnsOf(plan));
      await manager.delete(PlanBeamlineEntity, { planId: id });
      await manager.delete(PlanTechniqueEntity, { planId: id });
      await this.offer(manager, id, plan);
      await this.told(manager, person, id, 'changed', plan);
    });
  }

  /** @throws ApiError 404, 409 FROM_SITE_FILE */
  async remove(person: Person, id: string): Promise<void> {
    await this.within(async (manager) => {
      const plan = await this.present(manager, id);
      await manager.delete(PlanEntity, { id });
      await this.told(manager, person, id, 'deleted', plan);
    });
  }

  private within(act: (manager: EntityManager) => Promise<void>): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PLANS_LOCK]);
      await act(manager);
      await notifyTemplates(manager);
    });
  }

  private async present(manager: EntityManager, id: string): Promise<Wanted> {
    const row = await manager.findOneBy(PlanEntity, { id, active: true });
    if (!row) throw notFound();
    if (row.origin === 'site') throw fromSiteFile('plan', id);
    const [beamlines, techniques] = await Promise.all([
      manager.findBy(PlanBeamlineEntity, { planId: id }),
      manager.findBy(PlanTechniqueEntity, { planId: id }),
    ]);
    const { imageId: image, flavourId: flavour, name, description, lifetimeMinutes, idleMinutes, keepsDisk } = row;
    const { network, extension, preset, keyboard, bootScript, imageValues, position } = row;
    return {
      ...{ image, flavour, name, description, lifetimeMinutes, idleMinutes, keepsDisk },
      ...{ network, extension, preset, keyboard, bootScript, imageValues, position },
      beamlines: beamlines.map(({ beamlineId }) => beamlineId),
      techniques: techniques.map(({ techniqueId }) => techniqueId),
    };
  }

  private async check(manager: EntityManager, id: string, plan: Wanted): Promise<void> {
    const flavour = await manager.findOneBy(FlavourEntity, { id: plan.flavour, active: true });
    if (!flavour) throw unknownIds('flavour', [plan.flavour]);
    if (!(await manager.existsBy(ImageEntity, { id: plan.image, active: true }))) throw unknownIds('image', [plan.image]);
    const beamlines = plan.beamlines.filter((one) => !this.site.beamlines.some((known) => known.id === one));
    if (beamlines.length > 0) throw unknownIds('beamlines', beamlines);
    const techniques = plan.techniques.filter((one) => !this.site.techniques.some((known) => known.id === one));
    if (techniques.length > 0) throw unknownIds('techniques', techniques);
    const version = await manager.findOneBy(ImageVersionEntity, { imageId: plan.image, state: 'active' });
    if (version && version.gpus > flavour.gpus) {
      const message = `This image needs ${version.gpus} GPUs; the flavour "${flavour.id}" has ${flavour.gpus}.`;
      throw new ApiError(409, 'TOO_FEW_GPUS', message, { needed: version.gpus, gpus: flavour.gpus });
    }
    if (plan.preset) await this.checkPreset(manager, id, plan);
  }

  /** One preset at each beamline: among plans that are offered for the beamline as such, a second one could never be reached. */
  private async checkPreset(manager: EntityManager, id: string, { beamlines, techniques }: Wanted): Promise<void> {
    const others = await manager.query<{ id: string; name: string; beamline: string }[]>(
      `SELECT p.id, p.name, b.beamline_id AS beamline FROM plan p JOIN plan_beamline b ON b.plan_id = p.id
       WHERE p.active AND p.preset AND p.id <> $1 AND b.beamline_id = ANY($2)
         AND $3::text[] = ARRAY(SELECT technique_id FROM plan_technique t WHERE t.plan_id = p.id ORDER BY 1)
       ORDER BY p.position, p.id`,
      [id, beamlines, [...techniques].sort()],
    );
    const [first] = others;
    if (!first) return;
    const message = `At ${first.beamline} the preset is "${first.name}". Take that away first; one click can only start one.`;
    throw new ApiError(409, 'PRESET_TAKEN', message, { plan: first.id, beamlines: others.map(({ beamline }) => beamline) });
  }

  private async offer(manager: EntityManager, planId: string, { beamlines, techniques }: Wanted): Promise<void> {
    const at = [...new Set(beamlines)].map((beamlineId) => ({ planId, beamlineId }));
    const by = [...new Set(techniques)].map((techniqueId) => ({ planId, techniqueId }));
    if (at.length > 0) await manager.insert(PlanBeamlineEntity, at);
    if (by.length > 0) await manager.insert(PlanTechniqueEntity, by);
  }

  private async told(
    manager: EntityManager,
    person: Person,
    plan: string,
    what: 'made' | 'changed' | 'deleted',
    { name, image, flavour, beamlines, techniques, lifetimeMinutes, network, preset }: Wanted,
  ): Promise<void> {
    const details = { plan, what, name, image, flavour, beamlines, techniques, lifetimeMinutes, network, preset };
    await this.audit.write(manager, { kind: 'plan-changed', actorId: person.id, subjectId: null, details });
  }
}

function columnsOf({ image, flavour, beamlines: _beamlines, techniques: _techniques, ...plan }: Wanted) {
  return { ...plan, imageId: image, flavourId: flavour };
}
