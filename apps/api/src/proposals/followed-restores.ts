import type { RestoreRequest, RestoreState } from '@beamdesk/catalogue';
import type { RestoreView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FollowedRestoreEntity } from './followed-restore.entity';
import { notifyRestore, type RestoreChange } from './restore-channel';

/** When a restore is asked about first, and how often at most; seconds. */
const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 60;
/** So many are asked about in one go. */
const AT_ONCE = 50;
/** Rows of restores that came to an end are kept for so long, for pages that were away. */
const KEPT = `interval '1 day'`;

const DUE = `
  UPDATE followed_restore SET ask_at = now() + make_interval(secs => wait_seconds), wait_seconds = least(2 * wait_seconds, $1)
  WHERE (user_id, proposal_key, request_id) IN (
    SELECT user_id, proposal_key, request_id FROM followed_restore WHERE ask_at <= now()
    ORDER BY ask_at LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING user_id AS "userId", proposal_key AS "proposalKey", request_id AS "requestId", state`;

export function isOver(state: RestoreState): boolean {
  return state === 'done' || state === 'failed';
}

/** Which restores are under way for whom. */
@Injectable()
export class FollowedRestores {
  constructor(private readonly dataSource: DataSource) {}

  /** Begins to follow a request; asked for once more, it is followed anew. */
  async add(userId: string, proposalKey: string, { id, datasetIds, state }: RestoreRequest): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO followed_restore (user_id, proposal_key, request_id, datasets, state, wait_seconds, ask_at)
       VALUES ($1, $2, $3, $4, $5, $6::integer, now() + make_interval(secs => $6::integer))
       ON CONFLICT (user_id, proposal_key, request_id) DO UPDATE
         SET datasets = $4, state = $5, wait_seconds = $6::integer, ask_at = excluded.ask_at, changed_at = now()`,
      [userId, proposalKey, id, datasetIds, state, FIRST_SECONDS],
    );
  }

  /** Those it is time to ask about; each is given to one process, which need not come back. */
  async due(): Promise<(RestoreChange & { state: RestoreState })[]> {
    // TypeORM answers an UPDATE with its rows and their number.
    const [rows] = await this.dataSource.query<[(RestoreChange & { state: RestoreState })[], number]>(DUE, [
      LONGEST_SECONDS,
      AT_ONCE,
    ]);
    return rows;
  }

  /** Writes down a new state and tells the person's pages, both or neither. */
  async change(which: RestoreChange, state: RestoreState): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const { userId, proposalKey, requestId } = which;
      const over = isOver(state) ? { askAt: null } : {};
      const changed = { state, changedAt: () => 'now()', ...over };
      await manager.update(FollowedRestoreEntity, { userId, proposalKey, requestId }, changed);
      await notifyRestore(manager, which);
    });
  }

  /** Not followed any longer, without a word. */
  async drop({ userId, proposalKey, requestId }: RestoreChange): Promise<void> {
    await this.dataSource.manager.delete(FollowedRestoreEntity, { userId, proposalKey, requestId });
  }

  /** For the person's own pages. Null: nobody follows it. */
  async find({ userId, proposalKey, requestId }: RestoreChange): Promise<RestoreView | null> {
    const row = await this.dataSource.manager.findOneBy(FollowedRestoreEntity, { userId, proposalKey, requestId });
    return row && { id: requestId, datasets: row.datasets, state: row.state };
  }

  async tidy(): Promise<void> {
    await this.dataSource.query(`DELETE FROM followed_restore WHERE ask_at IS NULL AND changed_at < now() - ${KEPT}`);
  }
}
