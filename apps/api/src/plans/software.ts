import type { SoftwareEntry, SoftwarePage, SoftwareView } from '@beamdesk/contracts';
import { foldText } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { Site } from '../site/site';
import type { OfferedPlan } from './offer';
import { Plans } from './plans';

const AT_MOST = 500;

interface Held {
  image_id: string;
  name: string;
  software: SoftwareEntry[];
}

/** What software the plans on offer hold: of images with an active version, as far as this person's groups may use them. */
@Injectable()
export class Software {
  constructor(
    private readonly dataSource: DataSource,
    private readonly plans: Plans,
    private readonly site: Site,
  ) {}

  /** By name. @param search every word must occur in the name; '' is everything */
  async find(person: Pick<Person, 'id'>, search: string): Promise<SoftwarePage> {
    const [offered, held] = await Promise.all([
      this.plans.forPerson(person.id),
      this.dataSource.query<Held[]>(
        `SELECT v.image_id, i.name, v.software FROM image_version v JOIN image i ON i.id = v.image_id
         WHERE v.state = 'active' AND i.active ORDER BY v.image_id`,
      ),
    ]);
    const words = foldText(search).split(/\s+/).filter(Boolean);
    const found = new Map<string, SoftwareView>();
    for (const { image_id: imageId, name: image, software } of held) {
      const plans = offered.filter((one) => one.plan.imageId === imageId && one.unavailable === null && isSomewhere(one));
      if (plans.length === 0) continue;
      for (const { name, version } of software) {
        const key = foldText(name);
        if (!words.every((word) => key.includes(word))) continue;
        const entry = found.get(key) ?? { name, versions: [], plans: [] };
        if (version !== null && !entry.versions.includes(version)) entry.versions.push(version);
        entry.plans.push(...plans.map((plan) => this.placeOf(plan, image, version)));
        found.set(key, entry);
      }
    }
    const items = [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
    for (const { versions } of items) versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return { items: items.slice(0, AT_MOST), more: items.length > AT_MOST };
  }

  private placeOf(
    { plan, beamlines, techniques, image: within }: OfferedPlan,
    image: string,
    version: string | null,
  ): SoftwareView['plans'][number] {
    return {
      ...{ id: plan.id, name: plan.name, image, version },
      beamlines: namesOf(this.site.beamlines, narrowed(beamlines, within.beamlines)),
      techniques: namesOf(this.site.techniques, narrowed(techniques, within.techniques)),
    };
  }
}

/** Where plan and image name different beamlines or techniques only, the plan is offered nowhere. */
function isSomewhere({ beamlines, techniques, image }: OfferedPlan): boolean {
  const meet = (own: readonly string[], within: readonly string[]) =>
    own.length === 0 || within.length === 0 || narrowed(own, within).length > 0;
  return meet(beamlines, image.beamlines) && meet(techniques, image.techniques);
}

/** Empty means everywhere, so one list limits the other only where it holds something. */
function narrowed(own: readonly string[], within: readonly string[]): readonly string[] {
  if (own.length === 0) return within;
  return within.length === 0 ? own : own.filter((id) => within.includes(id));
}

function namesOf(known: readonly { id: string; name: string }[], ids: readonly string[]): string[] {
  return known.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}
