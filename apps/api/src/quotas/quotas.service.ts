import type { QuotaView } from '@beamdesk/contracts';
import { type Limits, mapResources, NO_LIMITS, type Resources, SITE_SUBJECT } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Site } from '../site/site';
import { QuotaNames } from './quota-names';
import { Standings } from './standings';
import { isLimited, subjectView } from './subject-view';
import { sharedSubjectsOf } from './subjects-of-person';

/** What one person sees of quotas: their own, and what else limits their desktops; never what somebody else holds. */
@Injectable()
export class QuotasService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly standings: Standings,
    private readonly names: QuotaNames,
    private readonly site: Site,
  ) {}

  async viewFor(userId: string): Promise<QuotaView> {
    const { manager } = this.dataSource;
    const person = { kind: 'user', id: userId } as const;
    const [shared, parts] = await Promise.all([
      sharedSubjectsOf(manager, userId),
      this.names.holdings(manager, userId),
    ]);
    const asked = [person, ...shared, SITE_SUBJECT];
    const [standings, names] = await Promise.all([
      this.standings.of(asked, manager, { minutes: true }),
      this.names.of(manager, asked),
    ]);
    const seen = standings.flatMap((standing, i) => {
      const name = names[i];
      const shown = name && (standing.kind === 'user' || isLimited(standing));
      return shown ? [{ view: subjectView(name, standing, parts) }] : [];
    });
    const own = seen[0]?.view;
    const [limits, defaults] = [held(own?.limits), held(own?.defaults)];
    const usage = mapResources((name) => own?.usage[name] ?? 0);
    const { proposal, beamline, periodDays } = this.site.quotas;
    return {
      ...{ limits, usage, defaults, periodDays },
      available: mapResources((name) => Math.max(0, limits[name] - usage[name])),
      subjects: seen.map(({ view }) => view),
      shared: { proposal, beamline },
    };
  }
}

/** Of a person's limits; roles limit all that is held at once. */
function held(limits: Limits = NO_LIMITS): Resources {
  return mapResources((name) => limits[name] ?? 0);
}
