import type { QuotaRequestDecision } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { DeciderSight, sightValues } from '../authorisation/decider-sight';
import { ApiError, notFound } from '../http/api-error';
import { InstanceLife } from '../instances/instance-life';
import { grantedBy } from './grant-terms';
import { QuotaRequestEntity } from './quota-request.entity';
import { notifyRequest } from './request-channel';
import { type Granted, RequestMails } from './request-mails';
import { amountsWords, momentWords } from './request-words';
import { RequestedQuota } from './requested-quota';
import { FOR_STAFF } from './staff-sight';

/** What staff say to a request: state, what follows from it, audit and mail in one transaction. */
@Injectable()
export class QuotaRequestDecisions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: DeciderSight,
    private readonly quota: RequestedQuota,
    private readonly life: InstanceLife,
    private readonly audit: Audit,
    private readonly mails: RequestMails,
  ) {}

  /**
   * @throws ApiError 404: unknown, or of a beamline that is not theirs; 403 NOT_ALLOWED: their own; 409 ALREADY_DECIDED
   * (`details.state`), DESKTOP_ENDED, NOT_LONGER, NOT_MORE, QUOTA_EXCEEDED; 400: more than was asked for, or an end in the past
   */
  async decide(person: Person, id: string, decision: QuotaRequestDecision): Promise<void> {
    const sees = sightValues(await this.sight.of(person));
    await this.dataSource.transaction(async (manager) => {
      const row = await this.locked(manager, id, sees);
      if (row.userId === person.id) {
        throw new ApiError(403, 'NOT_ALLOWED', 'Nobody decides about themselves. Somebody else has to look at it.');
      }
      if (row.state !== 'OPEN') {
        const { state } = row;
        throw new ApiError(409, 'ALREADY_DECIDED', 'Somebody was quicker: this request is closed.', { state });
      }
      if (decision.decision === 'grant') await this.grant(manager, person, row, grantedBy(row, decision));
      else await this.refuse(manager, person, row, decision.text);
      await notifyRequest(manager, row.userId);
    });
  }

  private async locked(manager: EntityManager, id: string, sees: unknown[]): Promise<QuotaRequestEntity> {
    const [seen]: { id: string }[] = await manager.query(
      `SELECT r.id FROM quota_request r JOIN user_account u ON u.id = r.user_id WHERE ${FOR_STAFF} AND r.id = $3
       FOR UPDATE OF r`,
      [...sees, id],
    );
    const row = seen ? await manager.findOneBy(QuotaRequestEntity, { id: seen.id }) : null;
    if (!row) throw notFound();
    return row;
  }

  private async grant(manager: EntityManager, person: Person, row: QuotaRequestEntity, granted: Granted): Promise<void> {
    const { amounts, until, partly, text } = granted;
    if (row.kind === 'LIFE') await this.longer(manager, person, row, until);
    else await this.quota.grow(manager, person, row, granted);
    await this.close(manager, person, row, { state: 'GRANTED', granted: amounts, grantedUntil: until, answer: text });
    const details = { request: row.id, of: row.kind, partly, until: until.toISOString(), granted: amountsWords(amounts ?? {}), text };
    await this.audit.write(manager, {
      kind: 'quota-request-granted',
      actorId: person.id,
      subjectId: row.userId,
      details,
    });
    await this.mails.granted(manager, row, granted);
  }

  private async longer(manager: EntityManager, { id: actorId }: Person, row: QuotaRequestEntity, until: Date): Promise<void> {
    if (row.instanceId === null) throw new ApiError(409, 'DESKTOP_ENDED', 'This desktop has ended, so it cannot go on longer.');
    await this.life.extendLife(manager, row.instanceId, until);
    const details = { desktop: row.instanceId, proposal: row.proposalName, by: 'request', until: until.toISOString() };
    await this.audit.write(manager, { kind: 'desktop-extended', actorId, subjectId: row.userId, details });
  }

  private async refuse(manager: EntityManager, person: Person, row: QuotaRequestEntity, text: string): Promise<void> {
    await this.close(manager, person, row, { state: 'REFUSED', answer: text });
    const details = { request: row.id, of: row.kind, wanted: momentWords(row.wantedUntil), text };
    await this.audit.write(manager, {
      kind: 'quota-request-refused',
      actorId: person.id,
      subjectId: row.userId,
      details,
    });
    await this.mails.refused(manager, row, text);
  }

  private async close(
    manager: EntityManager,
    { id: decidedBy }: Person,
    { id }: QuotaRequestEntity,
    outcome: Partial<Pick<QuotaRequestEntity, 'state' | 'granted' | 'grantedUntil' | 'answer'>>,
  ): Promise<void> {
    await manager.update(QuotaRequestEntity, { id }, { ...outcome, decidedBy, decidedAt: () => 'clock_timestamp()' });
  }
}
