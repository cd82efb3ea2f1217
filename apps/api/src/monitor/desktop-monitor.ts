import type {
  DesktopsCsvQuery,
  MonitoredDesktops,
  MonitoredDesktopsQuery,
  MonitoredFigures,
  MonitoredSessions,
  MonitoredSessionsQuery,
} from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { SILENCE_SECONDS } from '../sessions/desktop-sessions.repository';
import { COMING, desktopFilter, IDLE, QUEUED } from './desktop-filters';
import { DESKTOP_COLUMNS, DESKTOP_TABLES, type DesktopRow, desktopView } from './desktop-row';
import { MonitorSight, seenBy, type SeenBeamlines } from './monitor-sight';

/** Rows of a file that are read at once. */
const BATCH = 500;

const sum = (column: string) => `coalesce(sum(${column}), 0)`;
const FIGURES = `
  SELECT count(*) FILTER (WHERE i.state = 'READY')::int AS ready, count(*) FILTER (WHERE ${COMING})::int AS coming,
    count(*) FILTER (WHERE ${QUEUED})::int AS queued, count(*) FILTER (WHERE i.state = 'STOPPED')::int AS stopped,
    count(*) FILTER (WHERE i.state = 'FAILED')::int AS failed, count(*) FILTER (WHERE ${IDLE})::int AS idle,
    count(DISTINCT i.owner_id)::int AS people,
    (SELECT count(*)::int FROM desktop_session s JOIN instance j ON j.id = s.instance_id
      WHERE s.closed_at IS NULL AND ${seenBy('j')}) AS sessions,
    json_build_object('machines', ${sum('i.alloc_machines')}, 'vcpus', ${sum('i.alloc_vcpus')},
      'memoryMib', ${sum('i.alloc_memory_mib')}, 'storageMib', ${sum('i.alloc_storage_mib')},
      'gpus', ${sum('i.alloc_gpus')}) AS held
  FROM instance i WHERE i.state <> 'DELETED' AND ${seenBy('i')}`;

const pairs = (id: string, name: string) =>
  `coalesce(json_agg(DISTINCT jsonb_build_object('id', ${id}, 'name', ${name})) FILTER (WHERE ${id} IS NOT NULL), '[]')`;
const CHOICES = `
  SELECT ${pairs('i.beamline_id', 'coalesce(b.name, i.beamline_id)')} AS beamlines,
    ${pairs('i.plan_id', `i.plan_snapshot ->> 'name'`)} AS plans,
    coalesce(json_agg(DISTINCT i.plan_snapshot ->> 'imageId'), '[]') AS images,
    coalesce(json_agg(DISTINCT i.host_id) FILTER (WHERE i.host_id IS NOT NULL), '[]') AS hosts
  FROM instance i LEFT JOIN beamline b ON b.id = i.beamline_id WHERE i.state <> 'DELETED' AND ${seenBy('i')}`;

type SessionRow = Omit<
  MonitoredSessions['items'][number],
  'openedAt' | 'lastInputAt' | 'bytesToClient' | 'bytesFromClient'
> & {
  openedAt: Date;
  lastInputAt: Date | null;
  bytesToClient: string;
  bytesFromClient: string;
  total: number;
};

/** Desktops of everybody, and who is connected, as far as the one who asks may see it. */
@Injectable()
export class DesktopMonitor {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: MonitorSight,
  ) {}

  async page(person: Person, { offset, limit, ...query }: MonitoredDesktopsQuery): Promise<MonitoredDesktops> {
    const seen = await this.sight.of(person);
    const { where, values } = desktopFilter(seen, query);
    const page = `OFFSET $${values.length + 1} LIMIT $${values.length + 2}`;
    const [rows, [counted], [figures], [choices]] = await Promise.all([
      this.dataSource.query<DesktopRow[]>(
        `SELECT ${DESKTOP_COLUMNS} FROM ${DESKTOP_TABLES} WHERE ${where} ORDER BY i.launched_at DESC, i.id DESC ${page}`,
        [...values, offset, limit],
      ),
      this.dataSource.query<{ total: number }[]>(
        `SELECT count(*)::int AS total FROM ${DESKTOP_TABLES} WHERE ${where}`,
        values,
      ),
      this.dataSource.query<[MonitoredFigures]>(FIGURES, [seen]),
      this.dataSource.query<[MonitoredDesktops['choices']]>(CHOICES, [seen]),
    ]);
    return { items: rows.map(desktopView), total: counted?.total ?? 0, figures, choices };
  }

  /** All that are picked out, newest launch first, read bit by bit as they are taken. */
  async *all(person: Person, query: DesktopsCsvQuery): AsyncGenerator<DesktopRow> {
    const { where, values } = desktopFilter(await this.sight.of(person), query);
    const n = values.length;
    const after = `($${n + 1}::timestamptz IS NULL OR (i.launched_at, i.id) < ($${n + 1}, $${n + 2}::uuid))`;
    for (let last: DesktopRow | undefined; ;) {
      const rows = await this.dataSource.query<DesktopRow[]>(
        `SELECT ${DESKTOP_COLUMNS} FROM ${DESKTOP_TABLES} WHERE ${where} AND ${after}
         ORDER BY i.launched_at DESC, i.id DESC LIMIT ${BATCH}`,
        [...values, last?.launchedText ?? null, last?.id ?? null],
      );
      yield* rows;
      last = rows.at(-1);
      if (rows.length < BATCH || !last) return;
    }
  }

  /** Live ones. */
  async sessions(person: Person, { desktop, offset, limit }: MonitoredSessionsQuery): Promise<MonitoredSessions> {
    const seen: SeenBeamlines = await this.sight.of(person);
    const rows = await this.dataSource.query<SessionRow[]>(
      `SELECT s.id, s.instance_id AS desktop, i.proposal_name AS "proposalName", m.role, s.read_only AS "readOnly",
         json_build_object('id', o.id, 'name', o.name) AS owner, json_build_object('id', u.id, 'name', u.name) AS person,
         s.opened_at AS "openedAt", s.last_input_at AS "lastInputAt", s.bytes_to_client AS "bytesToClient",
         s.bytes_from_client AS "bytesFromClient", count(*) OVER ()::int AS total
       FROM desktop_session s JOIN instance i ON i.id = s.instance_id JOIN user_account o ON o.id = i.owner_id
         JOIN user_account u ON u.id = s.user_id LEFT JOIN member m ON m.instance_id = i.id AND m.user_id = s.user_id
       WHERE s.closed_at IS NULL AND s.renewed_at > now() - make_interval(secs => $2) AND ${seenBy('i')}
         AND ($3::uuid IS NULL OR i.id = $3)
       ORDER BY s.opened_at DESC, s.id OFFSET $4 LIMIT $5`,
      [seen, SILENCE_SECONDS, desktop ?? null, offset, limit],
    );
    return {
      items: rows.map(({ openedAt, lastInputAt, bytesToClient, bytesFromClient, total: _, ...row }) => ({
        ...row,
        openedAt: openedAt.toISOString(),
        lastInputAt: lastInputAt?.toISOString() ?? null,
        bytesToClient: Number(bytesToClient),
        bytesFromClient: Number(bytesFromClient),
      })),
      total: rows[0]?.total ?? 0,
    };
  }
}
