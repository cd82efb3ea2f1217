import type { QuotaRequestView, QuotaRequestWish } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { quotaRequestView } from './quota-request-view';
import { QuotaRequestEntity } from './quota-request.entity';
import { quotaSubject, RequestedQuota } from './requested-quota';
import { notifyRequest } from './request-channel';
import { RequestSubjects } from './request-subjects';
import { amountsWords } from './request-words';

/** Of the decided ones only the last are shown. */
const SHOWN = 50;

/** What people ask for themselves. */
@Injectable()
export class OwnQuotaRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly subjects: RequestSubjects,
    private readonly audit: Audit,
    private readonly quota: RequestedQuota,
  ) {}

  /** Open ones first, then newest first. */
  async list({ id }: Person): Promise<QuotaRequestView[]> {
    const rows = await this.dataSource
      .createQueryBuilder(QuotaRequestEntity, 'r')
      .where('r.userId = :id', { id })
      .orderBy(`CASE WHEN r.state = 'OPEN' THEN 0 ELSE 1 END`)
      .addOrderBy('r.askedAt', 'DESC')
      .addOrderBy('r.id')
      .take(SHOWN)
      .getMany();
    return rows.map(quotaRequestView);
  }

  /**
   * One open one of each kind for the same thing.
   * @throws ApiError as `RequestSubjects`; 409 NOT_MORE, REQUEST_OPEN (`details.request`)
   */
  async make(person: Person, wish: QuotaRequestWish): Promise<QuotaRequestView> {
    const subject = await this.subjects.of(person, wish);
    const { kind, reason } = wish;
    if (kind === 'QUOTA') await this.quota.requireMore(quotaSubject({ ...subject, userId: person.id }), subject.wanted);
    const id = await this.dataSource.transaction(async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(QuotaRequestEntity)
        .values({ ...subject, kind, reason, userId: person.id })
        .orIgnore()
        .returning('id')
        .execute();
      const made = (inserted.raw as { id: string }[])[0]?.id;
      if (made === undefined) throw await this.alreadyOpen(manager, person.id, kind, subject.subject);
      const details = { request: made, of: kind, subject: subject.subject, wanted: amountsWords(subject.wanted ?? {}) };
      const until = subject.wantedUntil.toISOString();
      await this.write(manager, 'quota-request-made', person.id, { ...details, until });
      return made;
    });
    return this.one(id);
  }

  /** @throws ApiError 404: unknown, or somebody else's; 409 ALREADY_DECIDED (`details.state`) */
  async withdraw({ id: userId }: Person, id: string): Promise<QuotaRequestView> {
    await this.dataSource.transaction(async (manager) => {
      const row = await manager.findOne(QuotaRequestEntity, {
        where: { id, userId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw notFound();
      if (row.state === 'WITHDRAWN') return;
      if (row.state !== 'OPEN') {
        throw new ApiError(409, 'ALREADY_DECIDED', 'This request was decided already.', { state: row.state });
      }
      await manager.update(QuotaRequestEntity, { id }, { state: 'WITHDRAWN', decidedAt: () => 'clock_timestamp()' });
      await this.write(manager, 'quota-request-withdrawn', userId, { request: id, of: row.kind });
    });
    return this.one(id);
  }

  private async write(
    manager: EntityManager,
    kind: 'quota-request-made' | 'quota-request-withdrawn',
    userId: string,
    details: Record<string, string>,
  ): Promise<void> {
    await this.audit.write(manager, { kind, actorId: userId, subjectId: userId, details });
    await notifyRequest(manager, userId);
  }

  private async one(id: string): Promise<QuotaRequestView> {
    const row = await this.dataSource.manager.findOneBy(QuotaRequestEntity, { id });
    if (!row) throw notFound();
    return quotaRequestView(row);
  }

  private async alreadyOpen(
    manager: EntityManager,
    userId: string,
    kind: QuotaRequestWish['kind'],
    subject: string,
  ): Promise<ApiError> {
    const row = await manager.findOneBy(QuotaRequestEntity, { userId, kind, subject, state: 'OPEN' });
    const message = 'You have asked for that already, and nobody has decided yet. Withdraw it to ask for something else.';
    return new ApiError(409, 'REQUEST_OPEN', message, { request: row?.id ?? null });
  }
}
