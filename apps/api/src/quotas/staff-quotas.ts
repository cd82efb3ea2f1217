import type { OverrideOrder, QuotasPage, QuotasQuery, StaffOverride, SubjectDetail } from '@beamdesk/contracts';
import { type Limits, NO_LIMITS, type Override, type Subject, type SubjectKind } from '@beamdesk/quota';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { Site } from '../site/site';
import { limitsOf } from './amount-columns';
import { lockSubjects } from './quota-locks';
import { QuotaNames } from './quota-names';
import { QuotaOverrides } from './quota-overrides';
import { StaffSubjects } from './staff-subjects';
import { Standings } from './standings';
import { overrideViews, subjectView } from './subject-view';

type OverrideRow = Override & { id: string; reason: string; author: string | null; endedBy: string | null };
type Desktop = SubjectDetail['desktops'][number] & { seen: boolean };

const OF: Record<SubjectKind, string> = {
  user: 'i.owner_id::text = $1',
  proposal: 'i.proposal_key = $1',
  beamline: 'i.beamline_id = $1',
  site: '$1::text IS NOT NULL',
};

/** As many as the page of one subject names. */
const SHOWN = 200;

/** Limits of others, for those who decide about them. */
@Injectable()
export class StaffQuotas {
  constructor(
    private readonly dataSource: DataSource,
    private readonly subjects: StaffSubjects,
    private readonly standings: Standings,
    private readonly names: QuotaNames,
    private readonly overrides: QuotaOverrides,
    @Inject(Site) private readonly site: Pick<Site, 'quotas'>,
  ) {}

  async page(person: Person, query: QuotasQuery): Promise<QuotasPage> {
    const { items, total } = await this.subjects.page(person, query);
    const { manager } = this.dataSource;
    const standings = await this.standings.of(items, manager, { minutes: true });
    const names = await this.names.of(manager, items);
    const views = standings.flatMap((standing, i) => {
      const name = names[i];
      return name ? [{ ...subjectView(name, standing, []), explained: {} }] : [];
    });
    return { items: views, total, periodDays: this.site.quotas.periodDays };
  }

  /** @throws ApiError 404: unknown, or not theirs to see */
  async detail(person: Person, asked: Subject): Promise<SubjectDetail> {
    const subject = await this.seen(person, asked);
    const { manager } = this.dataSource;
    const [[standing], [name], overrides, desktops] = await Promise.all([
      this.standings.of([subject], manager, { minutes: true }),
      this.names.of(manager, [subject]),
      this.overridesOf(subject),
      this.desktopsOf(person, subject),
    ]);
    if (!standing || !name) throw notFound();
    const shown = desktops.filter(({ seen }) => seen).slice(0, SHOWN);
    return {
      ...{ ...subjectView(name, standing, []), explained: {} },
      overrides,
      desktops: shown.map(({ seen: _, ...desktop }) => desktop),
      others: desktops.length - shown.length,
      periodDays: this.site.quotas.periodDays,
    };
  }

  /**
   * @returns its id
   * @throws ApiError 404: unknown, or not theirs to see; 400 BAD_REQUEST: it would be over before it begins; 403 NOT_ALLOWED: their
   * own
   */
  async order(person: Person, asked: Subject, { amounts, reason, startsAt, endsAt }: OverrideOrder): Promise<string> {
    const subject = await this.seen(person, asked);
    mayDecide(person, subject);
    const [from, to] = [dateOf(startsAt), dateOf(endsAt)];
    if (to && to <= (from ?? new Date())) {
      throw new ApiError(400, 'BAD_REQUEST', 'The end must come after the start, and not be over yet.');
    }
    const grant = {
      subject,
      amounts: { ...NO_LIMITS, ...amounts },
      reason,
      authorId: person.id,
      startsAt: from,
      endsAt: to,
    };
    return this.dataSource.transaction(async (manager) => {
      // A launch that is being decided is decided by the limits from before.
      await lockSubjects(manager, [subject]);
      return this.overrides.grant(manager, grant);
    });
  }

  /** @throws ApiError 404: no such override of a subject they see, or it is over already; 403 NOT_ALLOWED: their own */
  async end(person: Person, asked: Subject, id: string): Promise<void> {
    const subject = await this.seen(person, asked);
    mayDecide(person, subject);
    await this.dataSource.transaction(async (manager) => {
      await lockSubjects(manager, [subject]);
      if (!(await this.overrides.end(manager, subject, id, person.id))) throw notFound();
    });
  }

  private async seen(person: Person, asked: Subject): Promise<Subject> {
    const subject = await this.subjects.find(person, asked);
    if (!subject) throw notFound();
    return subject;
  }

  private async overridesOf({ kind, id }: Subject): Promise<StaffOverride[]> {
    const rows = await this.dataSource.query<(Omit<OverrideRow, 'amounts'> & { amounts: Limits })[]>(
      `SELECT o.id, o.reason, ${limitsOf('o')} AS amounts, o.made_at AS "madeAt", o.starts_at AS "startsAt",
         o.ends_at AS "endsAt", o.ended_at AS "endedAt", a.name AS author, e.name AS "endedBy"
       FROM quota_override o LEFT JOIN user_account a ON a.id = o.author_id LEFT JOIN user_account e ON e.id = o.ended_by
       WHERE o.subject_kind = $1 AND o.subject_id = $2 ORDER BY o.made_at DESC LIMIT ${SHOWN}`,
      [kind, id],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    return overrideViews(rows, new Date()).map((view) => {
      const row = found.get(view.id);
      return {
        ...view,
        author: row?.author ?? null,
        madeAt: (row?.madeAt ?? new Date(0)).toISOString(),
        endedAt: row?.endedAt?.toISOString() ?? null,
        endedBy: row?.endedBy ?? null,
      };
    });
  }

  /** Those at other beamlines are counted, not shown. */
  private async desktopsOf(person: Person, { kind, id }: Subject): Promise<Desktop[]> {
    return this.dataSource.query<Desktop[]>(
      `SELECT i.id, u.name AS owner, i.proposal_name AS "proposalName", i.plan_snapshot ->> 'name' AS plan, i.state,
         ($2::text[] IS NULL OR coalesce(i.beamline_id = ANY($2), false)) AS seen,
         json_build_object('machines', i.alloc_machines, 'vcpus', i.alloc_vcpus, 'memoryMib', i.alloc_memory_mib,
           'storageMib', i.alloc_storage_mib, 'gpus', i.alloc_gpus) AS amounts
       FROM instance i JOIN user_account u ON u.id = i.owner_id
       WHERE i.state <> 'DELETED' AND ${OF[kind]} ORDER BY lower(u.name), i.proposal_name, i.id`,
      [id, await this.subjects.beamlines(person)],
    );
  }
}

const dateOf = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));

/** As with roles: somebody else has to. */
function mayDecide(person: Person, { kind, id }: Subject): void {
  if (kind !== 'user' || id !== person.id || person.roles.includes('ADMIN')) return;
  throw new ApiError(403, 'NOT_ALLOWED', 'Nobody changes limits of their own. Somebody else has to.');
}
