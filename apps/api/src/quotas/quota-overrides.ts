import { type Limits, namedIn, type Subject } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import { notifyQuota } from './quota-channel';
import { QuotaOverrideEntity } from './quota-override.entity';

export interface OverrideGrant {
  subject: Subject;
  /** Null: the limit stays as it is; at least one is not. */
  amounts: Limits;
  /** Who is affected reads it. */
  reason: string;
  authorId: string;
  /** Null: now. */
  startsAt: Date | null;
  /** Null: until somebody ends it. */
  endsAt: Date | null;
}

/** The only one that writes overrides. Who may is decided by the caller, before. */
@Injectable()
export class QuotaOverrides {
  constructor(private readonly audit: Audit) {}

  /**
   * Within the caller's transaction; open pages hear of it when that commits.
   * @returns the id of the override
   */
  async grant(manager: EntityManager, grant: OverrideGrant): Promise<string> {
    const { subject, amounts, reason, authorId, startsAt, endsAt } = grant;
    const made = await manager.insert(QuotaOverrideEntity, {
      ...{ subjectKind: subject.kind, subjectId: subject.id, ...amounts, reason, authorId, endsAt },
      startsAt: startsAt ?? (() => 'clock_timestamp()'),
    });
    const id = String(made.identifiers[0]?.['id']);
    await this.tell(manager, 'quota-changed', subject, authorId, {
      ...{ override: id, amounts: namedIn(amounts).map((name) => `${name}: ${amounts[name]}`) },
      ...{ reason, startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null },
    });
    return id;
  }

  /** False: no such override of that subject, or it is over already. */
  async end(manager: EntityManager, subject: Subject, id: string, endedBy: string): Promise<boolean> {
    const ended = await manager
      .createQueryBuilder()
      .update(QuotaOverrideEntity)
      .set({ endedAt: () => 'clock_timestamp()', endedBy })
      .where('id = :id AND subjectKind = :kind AND subjectId = :subjectId', {
        id,
        kind: subject.kind,
        subjectId: subject.id,
      })
      .andWhere('endedAt IS NULL AND (endsAt IS NULL OR endsAt > clock_timestamp())')
      .execute();
    if (ended.affected !== 1) return false;
    await this.tell(manager, 'quota-ended', subject, endedBy, { override: id });
    return true;
  }

  private async tell(
    manager: EntityManager,
    kind: 'quota-changed' | 'quota-ended',
    subject: Subject,
    actorId: string,
    details: Record<string, string | string[] | null>,
  ): Promise<void> {
    const subjectId = subject.kind === 'user' ? subject.id : null;
    const about = { limitsOf: subject.kind, id: subject.id };
    await this.audit.write(manager, { kind, actorId, subjectId, details: { ...about, ...details } });
    await notifyQuota(manager, subject);
  }
}
