import type { RequestableName, StandingLine } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Person } from '../auth/person';
import { QuotaOverrideEntity } from '../quotas/quota-override.entity';
import { QuotasService } from '../quotas/quotas.service';
import type { QuotaRequestEntity } from './quota-request.entity';
import type { Granted } from './request-mails';

/** How the quota stands that a request is about, and what changes it. */
@Injectable()
export class Standings {
  constructor(private readonly quotas: QuotasService) {}

  async of(userId: string, _proposalKey: string | null): Promise<StandingLine[]> {
    const { limits, usage } = await this.quotas.standingOf(userId);
    return (Object.keys(limits) as (keyof typeof limits & RequestableName)[]).map((name) => ({
      name,
      limit: limits[name],
      used: usage[name],
    }));
  }

  async grant(manager: EntityManager, { id: authorId }: Person, row: QuotaRequestEntity, granted: Granted): Promise<void> {
    const subject =
      row.proposalKey === null
        ? ({ subjectKind: 'user', subjectId: row.userId } as const)
        : ({ subjectKind: 'proposal', subjectId: row.proposalKey } as const);
    const times = { startsAt: () => 'now()', endsAt: granted.until };
    await manager.insert(QuotaOverrideEntity, { ...subject, ...granted.amounts, ...times, reason: row.reason, authorId });
  }
}
