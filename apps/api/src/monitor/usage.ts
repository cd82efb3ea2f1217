import type { UsageBy, UsageQuery, UsageSeries, UsageView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { MonitorSight, seenBy, type SeenBeamlines } from './monitor-sight';
import { beginningsOf, type Steps, stepsOf } from './usage-steps';

/** Named one by one in the answer for a chart; the others are put together. */
const NAMED = 10;
/** Steps of a file that are read at once. */
const BATCH = 24;

type Used = UsageSeries['total'];

interface Row extends Used {
  /** Null: over all steps. */
  n: number | null;
  /** 1: over all groups. */
  whole: number;
  others: boolean;
  key: string | null;
  name: string | null;
}

/** One line of a file. */
export interface UsageLine extends Used {
  begins: string;
  key: string | null;
  name: string | null;
}

/** Column of the group, and a name for it. */
const GROUPS: Record<UsageBy, { key: string; name: string; join: string }> = {
  beamline: {
    key: 'p.beamline_id',
    name: 'coalesce(b.name, p.beamline_id)',
    join: 'LEFT JOIN beamline b ON b.id = p.beamline_id',
  },
  proposal: { key: 'p.proposal_key', name: 'p.proposal_name', join: '' },
  image: { key: 'p.image_id', name: 'coalesce(m.name, p.image_id)', join: 'LEFT JOIN image m ON m.id = p.image_id' },
};

const MS = (at: string) => `(extract(epoch FROM ${at}) * 1000)`;
const USED = `
  sum(vcpus * ms)::float8 / 3600000 AS "vcpuHours", sum(gpus * ms)::float8 / 3600000 AS "gpuHours",
  count(DISTINCT instance_id)::int AS desktops, count(DISTINCT owner_id)::int AS people`;

/**
 * Each period of a machine cut by the steps it is in: `$1` sight, `$2` from, `$3` to, `$4` base, `$5` width, milliseconds. A
 * period that lasts counts until now. Steps are equal, so that a period is asked for its own ones only.
 */
const parts = (by: UsageBy) => `
  p AS (
    SELECT q.*, greatest(${MS('q.from_at')}, $2::float8) AS from_ms,
      least(${MS('coalesce(q.to_at, clock_timestamp())')}, $3::float8) AS to_ms
    FROM allocation_period q
    WHERE q.machines > 0 AND ${seenBy('q')} AND ${MS('q.from_at')} < $3
      AND ${MS('coalesce(q.to_at, clock_timestamp())')} > $2
  ), parts AS (
    SELECT n, ${GROUPS[by].key} AS key, ${GROUPS[by].name} AS name, p.instance_id, p.owner_id, p.vcpus, p.gpus,
      least(p.to_ms, $4::float8 + (n + 1) * $5::float8) - greatest(p.from_ms, $4 + n * $5) AS ms
    FROM p ${GROUPS[by].join}
      CROSS JOIN LATERAL generate_series(floor((p.from_ms - $4) / $5)::int, (ceil((p.to_ms - $4) / $5) - 1)::int) n
    WHERE p.to_ms > p.from_ms
  )`;

const VIEW = (by: UsageBy) => `
  WITH ${parts(by)}, ranks AS (
    SELECT key, row_number() OVER (ORDER BY sum(vcpus * ms) DESC, key) > ${NAMED} AS others FROM parts GROUP BY key
  ), grouped AS (
    SELECT parts.n, CASE WHEN NOT others THEN parts.key END AS key, others,
      CASE WHEN NOT others THEN name END AS name, instance_id, owner_id, vcpus, gpus, ms
    FROM parts JOIN ranks ON ranks.key IS NOT DISTINCT FROM parts.key
  )
  SELECT n, key, others, max(name) AS name, GROUPING(others) AS whole, ${USED}
  FROM grouped GROUP BY GROUPING SETS ((others, key, n), (others, key), (n), ())`;

const LINES = (by: UsageBy) => `
  WITH ${parts(by)} SELECT n, key, max(name) AS name, ${USED} FROM parts GROUP BY n, key ORDER BY n, key`;

const NOTHING: Used = { vcpuHours: 0, gpuHours: 0, desktops: 0, people: 0 };
const used = ({ vcpuHours, gpuHours, desktops, people }: Used): Used => ({ vcpuHours, gpuHours, desktops, people });

/** What desktops held over time, from the periods of their allocations; the only source of it. */
@Injectable()
export class Usage {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: MonitorSight,
  ) {}

  async view(person: Person, { from, to, by, step }: UsageQuery): Promise<UsageView> {
    const steps = stepsOf(Date.parse(from), Date.parse(to), step);
    const rows = await this.dataSource.query<Row[]>(VIEW(by), valuesOf(await this.sight.of(person), steps));
    const groups = rows.filter(({ whole, n }) => whole === 0 && n === null);
    const series = groups.map((group): UsageSeries => {
      const { key, others } = group;
      const points = Array.from({ length: steps.count }, () => NOTHING);
      for (const row of rows) {
        if (row.whole === 0 && row.n !== null && row.key === key && row.others === others) points[row.n] = used(row);
      }
      return { key, others, name: nameOf(group), total: used(group), points };
    });
    const whole = rows.find((row) => row.whole === 1 && row.n === null);
    return {
      from: new Date(steps.from).toISOString(),
      to: new Date(steps.to).toISOString(),
      ...{ by, step, steps: beginningsOf(steps) },
      series: series.sort((a, b) => Number(a.others) - Number(b.others) || b.total.vcpuHours - a.total.vcpuHours),
      total: whole && whole.desktops > 0 ? used(whole) : NOTHING,
    };
  }

  /** Every group of every step in which it used something, in the order of time; read bit by bit as it is taken. */
  async *lines(person: Person, { from, to, by, step }: UsageQuery): AsyncGenerator<UsageLine> {
    const seen = await this.sight.of(person);
    const steps = stepsOf(Date.parse(from), Date.parse(to), step);
    const begins = beginningsOf(steps);
    for (let first = 0; first < steps.count; first += BATCH) {
      const part = { ...steps, from: at(steps, first), to: at(steps, first + BATCH) };
      const rows = await this.dataSource.query<Row[]>(LINES(by), valuesOf(seen, part));
      for (const row of rows) {
        yield { begins: begins[row.n ?? 0] ?? '', key: row.key, name: row.name, ...used(row) };
      }
    }
  }
}

const at = ({ base, width, from, to }: Steps, n: number): number => Math.min(to, Math.max(from, base + n * width));

function valuesOf(seen: SeenBeamlines, { from, to, base, width }: Steps): unknown[] {
  return [seen, from, to, base, width];
}

function nameOf({ others, name }: Row): string {
  return others ? 'Others' : (name ?? 'No beamline');
}
