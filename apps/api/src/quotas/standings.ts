import {
  type Amounts,
  type Limits,
  limitsInForce,
  mostOf,
  NO_LIMITS,
  NOTHING,
  type Override,
  type Resources,
  type Standing,
  type Subject,
  type SubjectKind,
} from '@beamdesk/quota';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Site } from '../site/site';
import { heldBy, limitsOf } from './amount-columns';

/** An override as it is read with its subject. */
export interface FoundOverride extends Override {
  id: string;
  reason: string;
}

export interface FoundStanding extends Standing {
  /** Without overrides. */
  defaults: Limits;
  /** In force or to come. */
  overrides: FoundOverride[];
}

interface Options {
  /** An instance whose allocation is about to be decided anew. */
  except?: string | null;
  /** Of everybody; otherwise minutes are summed only where they are limited. */
  minutes?: boolean;
}

type StoredOverride = Omit<FoundOverride, 'madeAt' | 'startsAt' | 'endsAt' | 'endedAt'> & {
  madeAt: string;
  startsAt: string;
  endsAt: string | null;
};
type Row = Subject & { roles: Limits[] | null; standard: Limits | null; overrides: StoredOverride[] };
type Held = Subject & { held: Resources };
type Minutes = Subject & { vcpuMinutes: number; gpuMinutes: number };

/** Which rows of a table count for the subject `a`. */
const COUNTS: Record<SubjectKind, (table: string) => string> = {
  user: (t) => `${t}.owner_id = a.id::uuid`,
  proposal: (t) => `${t}.proposal_key = a.id`,
  beamline: (t) => `${t}.beamline_id = a.id`,
  site: () => 'true',
};

const LIMITS = `
  SELECT a.kind, a.id,
    CASE WHEN a.kind = 'user' THEN (SELECT json_agg(${limitsOf('l')}) FROM quota_limit l
      WHERE l.subject_kind = 'role' AND l.subject_id IN (SELECT role FROM authorisation r
        WHERE r.user_id::text = a.id AND (r.expires_at IS NULL OR r.expires_at > clock_timestamp()))) END AS roles,
    (SELECT ${limitsOf('l')} FROM quota_limit l WHERE l.subject_kind = a.kind AND l.subject_id = '*') AS standard,
    (SELECT coalesce(json_agg(json_build_object('id', o.id, 'reason', o.reason, 'amounts', ${limitsOf('o')},
        'madeAt', o.made_at, 'startsAt', o.starts_at, 'endsAt', o.ends_at)), '[]') FROM quota_override o
      WHERE o.subject_kind = a.kind AND o.subject_id = a.id AND o.ended_at IS NULL
        AND (o.ends_at IS NULL OR o.ends_at > clock_timestamp())) AS overrides
  FROM unnest($1::text[], $2::text[]) AS a(kind, id)`;

/**
 * Minutes of a stretch within the period; what is still held, up to the end of the desktop's life. One that waits for a host has
 * used nothing so far.
 */
const seconds = (what: string) => `
  coalesce(ceil(sum(p.${what} * extract(epoch FROM
    coalesce(p.to_at, greatest(clock_timestamp(), i.expires_at, CASE WHEN i.queued_at IS NOT NULL
      THEN clock_timestamp() + make_interval(mins => (i.plan_snapshot ->> 'lifetimeMinutes')::int) END))
    - greatest(p.from_at, clock_timestamp() - make_interval(days => $1::int),
        CASE WHEN i.queued_at IS NOT NULL THEN clock_timestamp() END))) / 60), 0)::float8`;

const held = (kind: SubjectKind, ids: string, except: string) => `
  SELECT '${kind}' AS kind, a.id, sums.held FROM unnest(${ids}::text[]) AS a(id) CROSS JOIN LATERAL (
    SELECT ${heldBy('i')} AS held FROM instance i
    WHERE ${COUNTS[kind]('i')} AND i.state <> 'DELETED' AND i.id IS DISTINCT FROM ${except}::uuid) sums`;

const minutes = (kind: SubjectKind, ids: string) => `
  SELECT '${kind}' AS kind, a.id, sums.* FROM unnest(${ids}::text[]) AS a(id) CROSS JOIN LATERAL (
    SELECT ${seconds('vcpus')} AS "vcpuMinutes", ${seconds('gpus')} AS "gpuMinutes"
    FROM allocation_period p LEFT JOIN instance i ON i.id = p.instance_id AND p.to_at IS NULL
    WHERE ${COUNTS[kind]('p')} AND p.vcpus > 0
      AND (p.to_at IS NULL OR p.to_at > clock_timestamp() - make_interval(days => $1::int))) sums`;

/**
 * How subjects stand: limits from tables, usage always summed from what live instances hold and from the periods in which they
 * held it. No counter that could go wrong.
 */
@Injectable()
export class Standings {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(Site) private readonly site: Pick<Site, 'quotas'>,
  ) {}

  /** In the order of `subjects`. Nobody without a limit of a role is allowed anything. */
  async of<T extends Subject>(
    subjects: readonly T[],
    manager: EntityManager = this.dataSource.manager,
    { except = null, minutes: all = false }: Options = {},
  ): Promise<(T & FoundStanding)[]> {
    if (subjects.length === 0) return [];
    const [kinds, ids] = [subjects.map(({ kind }) => kind), subjects.map(({ id }) => id)];
    const rows = keyed(await manager.query<Row[]>(LIMITS, [kinds, ids]));
    const now = new Date();
    const limited = subjects.map((subject) => {
      const row = rows.get(keyOf(subject));
      const defaults = subject.kind === 'user' ? mostOf(row?.roles ?? []) : (row?.standard ?? NO_LIMITS);
      const overrides = (row?.overrides ?? []).map(readOverride);
      return { ...subject, defaults, overrides, limits: limitsInForce(defaults, overrides, now) };
    });
    const sums = keyed(await this.held(manager, subjects, except));
    const counted = limited.filter(({ limits }) => all || limits.vcpuMinutes !== null || limits.gpuMinutes !== null);
    const used = keyed(await this.minutes(manager, counted));
    return limited.map((subject) => {
      const key = keyOf(subject);
      const { vcpuMinutes = 0, gpuMinutes = 0 } = used.get(key) ?? {};
      const usage: Amounts = { ...(sums.get(key)?.held ?? NOTHING), vcpuMinutes, gpuMinutes };
      return { ...subject, usage };
    });
  }

  private held(manager: EntityManager, subjects: readonly Subject[], except: string | null): Promise<Held[]> {
    const kinds = byKind(subjects);
    const parts = kinds.map(([kind], i) => held(kind, `$${i + 2}`, '$1'));
    return manager.query<Held[]>(parts.join(' UNION ALL '), [except, ...kinds.map(([, ids]) => ids)]);
  }

  private async minutes(manager: EntityManager, subjects: readonly Subject[]): Promise<Minutes[]> {
    if (subjects.length === 0) return [];
    const kinds = byKind(subjects);
    const parts = kinds.map(([kind], i) => minutes(kind, `$${i + 2}`));
    const values = [this.site.quotas.periodDays, ...kinds.map(([, ids]) => ids)];
    return manager.query<Minutes[]>(parts.join(' UNION ALL '), values);
  }
}

const keyOf = ({ kind, id }: Subject) => `${kind} ${id}`;

function keyed<T extends Subject>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function byKind(subjects: readonly Subject[]): [SubjectKind, string[]][] {
  const kinds = new Map<SubjectKind, string[]>();
  for (const { kind, id } of subjects) kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  return [...kinds];
}

function readOverride({ madeAt, startsAt, endsAt, ...rest }: StoredOverride): FoundOverride {
  const ends = endsAt === null ? null : new Date(endsAt);
  return { ...rest, madeAt: new Date(madeAt), startsAt: new Date(startsAt), endsAt: ends, endedAt: null };
}
