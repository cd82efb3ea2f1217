import type { StandingLine } from '@beamdesk/contracts';
import { AMOUNT_NAMES, mapAmounts, type Subject } from '@beamdesk/quota';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from '../auth/person';
import { ApiError } from '../http/api-error';
import { lockSubjects } from '../quotas/quota-locks';
import { QuotaOverrides } from '../quotas/quota-overrides';
import { Standings } from '../quotas/standings';
import type { QuotaRequestEntity } from './quota-request.entity';
import type { Granted } from './request-mails';

/** What is asked for: the limits of the proposal, or one's own. */
export function quotaSubject({ userId, proposalKey }: Pick<QuotaRequestEntity, 'userId' | 'proposalKey'>): Subject {
  return proposalKey === null ? { kind: 'user', id: userId } : { kind: 'proposal', id: proposalKey };
}

/** The quota that a request is about: how it stands, and how it grows. */
@Injectable()
export class RequestedQuota {
  constructor(
    private readonly standings: Standings,
    private readonly overrides: QuotaOverrides,
  ) {}

  async of(subject: Subject, manager?: EntityManager): Promise<StandingLine[]> {
    const [found] = await this.standings.of([subject], manager, { minutes: true });
    if (!found) return [];
    return AMOUNT_NAMES.map((name) => ({ name, limit: found.limits[name], used: found.usage[name] }));
  }

  /**
   * @throws ApiError 409 NOT_MORE (`details.amounts`): by now the subject may hold as much anyway, and a limit of its own would take
   * something away
   */
  async requireMore(subject: Subject, amounts: QuotaRequestEntity['wanted'], manager?: EntityManager): Promise<void> {
    const lines = await this.of(subject, manager);
    const enough = lines.filter(({ name, limit }) => {
      const wanted = amounts?.[name];
      return wanted !== undefined && (limit === null || wanted <= limit);
    });
    if (enough.length === 0) return;
    const message = 'That much may be held already. Look at the limits in force, and name more than they allow.';
    throw new ApiError(409, 'NOT_MORE', message, { amounts: enough.map(({ name }) => name) });
  }

  /** @throws ApiError as `requireMore` */
  async grow(manager: EntityManager, { id: authorId }: Person, row: QuotaRequestEntity, granted: Granted): Promise<void> {
    const subject = quotaSubject(row);
    await lockSubjects(manager, [subject]);
    await this.requireMore(subject, granted.amounts, manager);
    const amounts = mapAmounts((name) => granted.amounts?.[name] ?? null);
    const times = { startsAt: null, endsAt: granted.until };
    await this.overrides.grant(manager, { subject, amounts, reason: row.reason, authorId, ...times });
  }
}
