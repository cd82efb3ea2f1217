import type { CatalogueAccount, KeptSession, OpenedSession } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Config } from '../config';
import { ConsoleSecrets } from '../instances/console-secrets';
import { CatalogueSessionEntity } from './catalogue-session.entity';

export interface KeptRow {
  userId: string;
  catalogue: string;
  sealed: Buffer;
}

/** A session goes only with the account it is of, so that a link that changed takes it along. */
const THEIRS = `
  SELECT s.user_id AS "userId", s.catalogue, s.sealed FROM catalogue_session s
  JOIN catalogue_account a ON a.user_id = s.user_id AND a.catalogue = s.catalogue AND a.name = s.account
  WHERE s.catalogue = $1 AND s.account = $2 AND s.ends_at > now() ORDER BY s.opened_at DESC LIMIT 1`;

/** Claimed for a minute: one process extends it, and another one tries again where that was killed. */
const DUE = `
  UPDATE catalogue_session SET refresh_at = now() + interval '1 minute'
  WHERE (user_id, catalogue) IN (
    SELECT user_id, catalogue FROM catalogue_session WHERE refresh_at <= now() ORDER BY refresh_at LIMIT 50 FOR UPDATE SKIP LOCKED)
  RETURNING user_id AS "userId", catalogue, sealed`;

/** Whose person is signed in nowhere any longer, or has another account there by now. */
const FORSAKEN = `
  SELECT s.user_id AS "userId", s.catalogue, s.sealed FROM catalogue_session s
  WHERE NOT EXISTS (SELECT FROM login_session l WHERE l.user_id = s.user_id AND l.expire > now())
     OR NOT EXISTS (SELECT FROM catalogue_account a
                    WHERE a.user_id = s.user_id AND a.catalogue = s.catalogue AND a.name = s.account)
  LIMIT 200`;

/** Ids of people's own sessions at catalogues, encrypted; nothing else of a sign-in there is ever kept. */
@Injectable()
export class KeptCatalogueSessions {
  private readonly secrets: ConsoleSecrets;

  constructor(
    private readonly dataSource: DataSource,
    config: Config,
  ) {
    this.secrets = new ConsoleSecrets(config.consoleKey.reveal());
  }

  /** For the adapter: the session of an account. */
  async of({ catalogue, name }: CatalogueAccount): Promise<KeptSession | null> {
    const [row] = await this.dataSource.query<KeptRow[]>(THEIRS, [catalogue, name]);
    const id = row && this.open(row);
    return row && id ? { id, lost: () => this.drop(row) } : null;
  }

  /** Catalogues in which this person has one. */
  async heldBy(userId: string): Promise<{ catalogue: string; account: string }[]> {
    const rows = await this.dataSource.query<{ catalogue: string; account: string }[]>(
      'SELECT catalogue, account FROM catalogue_session WHERE user_id = $1 AND ends_at > now()',
      [userId],
    );
    return rows;
  }

  /** @returns the one it takes the place of */
  async put(manager: EntityManager, userId: string, catalogue: string, opened: OpenedSession): Promise<string | null> {
    const before = await manager.findOneBy(CatalogueSessionEntity, { userId, catalogue });
    const { id, user, endsAt } = opened;
    const sealed = this.secrets.seal(aad(userId, catalogue), id);
    const row = { userId, catalogue, account: user, sealed, endsAt, refreshAt: halfWay(endsAt), openedAt: new Date() };
    await manager.upsert(CatalogueSessionEntity, row, ['userId', 'catalogue']);
    return before && this.open({ userId, catalogue, sealed: before.sealed });
  }

  async extended({ userId, catalogue, sealed }: KeptRow, endsAt: Date): Promise<void> {
    const refreshAt = halfWay(endsAt);
    await this.dataSource.query(
      'UPDATE catalogue_session SET ends_at = $4, refresh_at = $5 WHERE user_id = $1 AND catalogue = $2 AND sealed = $3',
      [userId, catalogue, sealed, endsAt, refreshAt],
    );
  }

  async due(): Promise<KeptRow[]> {
    const [rows] = await this.dataSource.query<[KeptRow[], number]>(DUE);
    return rows;
  }

  forsaken(): Promise<KeptRow[]> {
    return this.dataSource.query<KeptRow[]>(FORSAKEN);
  }

  ofUser(userId: string, catalogue: string): Promise<KeptRow | null> {
    return this.dataSource.manager.findOneBy(CatalogueSessionEntity, { userId, catalogue });
  }

  /** Only this very one: a newer stays. */
  async drop({ userId, catalogue, sealed }: KeptRow): Promise<void> {
    await this.dataSource.query('DELETE FROM catalogue_session WHERE user_id = $1 AND catalogue = $2 AND sealed = $3', [
      userId,
      catalogue,
      sealed,
    ]);
  }

  /** One that has ended by itself. */
  async dropEnded({ userId, catalogue, sealed }: KeptRow): Promise<void> {
    await this.dataSource.query(
      'DELETE FROM catalogue_session WHERE user_id = $1 AND catalogue = $2 AND sealed = $3 AND ends_at <= now()',
      [userId, catalogue, sealed],
    );
  }

  /** The session's id; null: sealed with another key, or meant for another row. */
  open({ userId, catalogue, sealed }: KeptRow): string | null {
    try {
      return this.secrets.open(aad(userId, catalogue), sealed);
    } catch {
      return null;
    }
  }
}

/** Binds a secret to its row; never the id of an instance, whose passwords are sealed with the same key. */
function aad(userId: string, catalogue: string): string {
  return `catalogue-session ${userId} ${catalogue}`;
}

/** Sessions there do not slide: extended at half their life. */
function halfWay(endsAt: Date): Date {
  return new Date(Date.now() + Math.max(0, endsAt.getTime() - Date.now()) / 2);
}
