import type { QuotaView } from '@beamdesk/contracts';
import { availableOf, mapResources, NOTHING, type Resources } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

const AMOUNTS = `json_build_object('machines', machines, 'vcpus', vcpus, 'memoryMib', memory_mib,
  'storageMib', storage_mib, 'gpus', coalesce(gpus, 0))`;

/** One round trip. A person's roles are those of today; of several roles the most generous amount of each resource counts. */
const STANDING = `
  SELECT
    (SELECT ${AMOUNTS} FROM quota_override WHERE subject_kind = 'user' AND subject_id = $1::text
      AND ended_at IS NULL AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
      ORDER BY made_at DESC LIMIT 1) AS own,
    (SELECT coalesce(json_agg(${AMOUNTS}), '[]') FROM quota_limit WHERE subject_kind = 'role' AND subject_id IN
      (SELECT role FROM authorisation WHERE user_id = $1::uuid AND (expires_at IS NULL OR expires_at > now()))) AS roles,
    (SELECT json_build_object(
        'machines', coalesce(sum(alloc_machines), 0), 'vcpus', coalesce(sum(alloc_vcpus), 0),
        'memoryMib', coalesce(sum(alloc_memory_mib), 0), 'storageMib', coalesce(sum(alloc_storage_mib), 0),
        'gpus', coalesce(sum(alloc_gpus), 0))
      FROM instance WHERE owner_id = $1::uuid AND state <> 'DELETED' AND id IS DISTINCT FROM $2::uuid) AS usage`;

export interface QuotaStanding {
  limits: Resources;
  /** Of the person's roles, to tell limits of one's own apart. */
  defaults: Resources;
  usage: Resources;
}

/** Limits from tables, usage always summed from what live instances hold: no counter that could go wrong. */
@Injectable()
export class QuotasService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Everybody who decides for these people waits here until the transaction ends. Ordered, so that two can't wait for each
   * other; `NO KEY`, so that sign-ins go on.
   */
  async lock(manager: EntityManager, userIds: string[]): Promise<void> {
    await manager.query('SELECT FROM user_account WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [userIds]);
  }

  /**
   * No limits at all = nothing allowed.
   * @param except an instance whose allocation is about to be decided anew
   */
  async standingOf(
    userId: string,
    manager: EntityManager = this.dataSource.manager,
    except: string | null = null,
  ): Promise<QuotaStanding> {
    const [row]: { own: Resources | null; roles: Resources[]; usage: Resources }[] = await manager.query(STANDING, [
      userId,
      except,
    ]);
    const defaults = mapResources((name) => Math.max(0, ...(row?.roles ?? []).map((role) => role[name])));
    return { limits: row?.own ?? defaults, defaults, usage: row?.usage ?? { ...NOTHING } };
  }

  async viewFor(userId: string): Promise<QuotaView> {
    const { limits, defaults, usage } = await this.standingOf(userId);
    return { limits, usage, available: availableOf(limits, usage), defaults };
  }
}
