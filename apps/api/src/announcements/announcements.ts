import {
  ANNOUNCEMENT_MAX_DAYS,
  type AnnouncementsView,
  type AnnouncementWish,
  type KeptAnnouncements,
  type KeptAnnouncementView,
} from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { ApiError, badRequest, notFound } from '../http/api-error';
import { notifyAnnouncement } from './announcement-channel';

const DAY_MS = 86_400_000;

interface Row extends Omit<KeptAnnouncementView, 'shownFrom' | 'startsAt' | 'endsAt' | 'madeAt'> {
  shownFrom: Date;
  startsAt: Date;
  endsAt: Date | null;
  madeAt: Date;
}

/** SQL: when the announcement `a` ends or ended; null: open. */
const END = 'least(a.ended_at, a.ends_at)';
const STATE = `CASE WHEN ${END} <= now() THEN 'over' WHEN a.shown_from > now() THEN 'upcoming' ELSE 'shown' END`;
const ROWS = `
  SELECT a.id, a.kind, a.text, ${STATE} AS state, a.shown_from AS "shownFrom", a.starts_at AS "startsAt", ${END} AS "endsAt",
    a.made_at AS "madeAt", m.name AS "madeBy"
  FROM announcement a LEFT JOIN user_account m ON m.id = a.made_by`;
const WEIGHT = `CASE a.kind WHEN 'maintenance' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`;

/** What administrators tell everybody. */
@Injectable()
export class Announcements {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {}

  /** For everybody, also before they sign in. */
  async current(): Promise<AnnouncementsView> {
    const [rows, [next]] = await Promise.all([
      this.dataSource.query<Row[]>(`${ROWS} WHERE ${STATE} = 'shown' ORDER BY ${WEIGHT}, a.starts_at DESC, a.id LIMIT 20`),
      this.dataSource.query<{ at: Date | null }[]>(
        `SELECT min(t.at) AS at FROM announcement a, LATERAL (VALUES (a.shown_from), (a.starts_at), (${END})) t(at)
         WHERE t.at > now() AND (${END} IS NULL OR ${END} >= t.at)`,
      ),
    ]);
    const items = rows.map(viewOf).map(({ id, kind, text, startsAt, endsAt }) => ({ id, kind, text, startsAt, endsAt }));
    return { items, changesAt: next?.at?.toISOString() ?? null };
  }

  async latest(): Promise<KeptAnnouncements> {
    const rows = await this.dataSource.query<Row[]>(`${ROWS} ORDER BY a.starts_at DESC, a.id LIMIT 100`);
    return { items: rows.map(viewOf) };
  }

  /** @throws ApiError 400: dates that do not go together */
  async make(person: Person, wish: AnnouncementWish): Promise<KeptAnnouncementView> {
    check(wish);
    return this.dataSource.transaction(async (manager) => {
      const [made]: { id: string }[] = await manager.query(
        `INSERT INTO announcement (kind, text, shown_from, starts_at, ends_at, made_by)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
        [wish.kind, wish.text, wish.shownFrom, wish.startsAt, wish.endsAt, person.id],
      );
      return this.told(manager, 'announcement-made', person, made?.id ?? '');
    });
  }

  /** @throws ApiError 404; 409 ANNOUNCEMENT_OVER; 400: dates that do not go together */
  async change(person: Person, id: string, wish: AnnouncementWish): Promise<KeptAnnouncementView> {
    check(wish);
    return this.dataSource.transaction(async (manager) => {
      await lockOpen(manager, id);
      await manager.query(
        'UPDATE announcement SET kind = $2, text = $3, shown_from = $4, starts_at = $5, ends_at = $6 WHERE id = $1',
        [id, wish.kind, wish.text, wish.shownFrom, wish.startsAt, wish.endsAt],
      );
      return this.told(manager, 'announcement-changed', person, id);
    });
  }

  /** From now on nobody sees it. @throws ApiError 404; 409 ANNOUNCEMENT_OVER */
  async end(person: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockOpen(manager, id);
      await manager.query('UPDATE announcement SET ended_at = now() WHERE id = $1', [id]);
      await this.told(manager, 'announcement-ended', person, id);
    });
  }

  private async told(
    manager: EntityManager,
    kind: 'announcement-made' | 'announcement-changed' | 'announcement-ended',
    person: Person,
    id: string,
  ): Promise<KeptAnnouncementView> {
    const [row]: Row[] = await manager.query(`${ROWS} WHERE a.id = $1`, [id]);
    if (!row) throw new Error('the announcement was not stored');
    const view = viewOf(row);
    const { text, startsAt, endsAt } = view;
    const details = { announcement: id, kind: view.kind, text, startsAt, endsAt };
    await this.audit.write(manager, { kind, actorId: person.id, subjectId: null, details });
    await notifyAnnouncement(manager, id);
    return view;
  }
}

async function lockOpen(manager: EntityManager, id: string): Promise<void> {
  const [found]: { over: boolean | null }[] = await manager.query(
    `SELECT ${END} <= now() AS over FROM announcement a WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (!found) throw notFound();
  if (found.over) throw new ApiError(409, 'ANNOUNCEMENT_OVER', 'This announcement is over. Make a new one.');
}

function check({ shownFrom, startsAt, endsAt }: AnnouncementWish): void {
  const [shown, start, end] = [shownFrom, startsAt, endsAt ?? startsAt].map((time) => Date.parse(time)) as [number, number, number];
  const wrong = (path: string, message: string) => badRequest([{ path, message }]);
  if (shown > start) throw wrong('shownFrom', 'is after the start');
  if (endsAt !== null && end <= start) throw wrong('endsAt', 'is not after the start');
  if (endsAt !== null && end <= Date.now()) throw wrong('endsAt', 'is in the past');
  if (Math.max(start, end) > Date.now() + ANNOUNCEMENT_MAX_DAYS * DAY_MS) {
    throw wrong(endsAt === null ? 'startsAt' : 'endsAt', `is more than ${ANNOUNCEMENT_MAX_DAYS} days ahead`);
  }
}

function viewOf(row: Row): KeptAnnouncementView {
  return {
    ...row,
    shownFrom: row.shownFrom.toISOString(),
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt?.toISOString() ?? null,
    madeAt: row.madeAt.toISOString(),
  };
}
