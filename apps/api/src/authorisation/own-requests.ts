import type { AuthorisationRequestView, AuthorisationWish, OwnAuthorisationView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { ApiError, badRequest, notFound } from '../http/api-error';
import { Site } from '../site/site';
import { notifyAuthorisation } from './authorisation-channel';
import { AuthorisationRequestEntity } from './authorisation-request.entity';
import { Authorisations } from './authorisations';

/** What somebody may see and do about their own authorisation, without having one. */
@Injectable()
export class OwnRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Site,
    private readonly audit: Audit,
    private readonly authorisations: Authorisations,
  ) {}

  async view({ id }: Person): Promise<OwnAuthorisationView> {
    const [mine, [request], ended] = await Promise.all([
      this.authorisations.of([id]),
      this.dataSource.manager.find(AuthorisationRequestEntity, {
        where: { userId: id },
        order: { askedAt: 'DESC', id: 'DESC' },
        take: 1,
      }),
      this.authorisations.lastEnded(id),
    ]);
    return {
      authorisations: mine.get(id) ?? [],
      request: request ? requestView(request) : null,
      ended: mine.get(id)?.length ? null : ended,
      beamlines: this.site.beamlines.map((one) => ({ id: one.id, name: one.name })),
    };
  }

  /**
   * Asks, or changes what was asked while nobody has decided.
   * @throws ApiError 409 ALREADY_AUTHORISED; 400: no such beamline
   */
  async ask(person: Person, { affiliation, reason, proposal, beamline }: AuthorisationWish): Promise<void> {
    if (person.roles.length > 0) {
      throw new ApiError(409, 'ALREADY_AUTHORISED', 'This account is authorised already. Go on to the proposals.');
    }
    if (beamline !== null && !this.site.beamlines.some(({ id }) => id === beamline)) {
      throw badRequest([{ path: 'beamline', message: 'is no beamline of this facility' }]);
    }
    await this.dataSource.transaction(async (manager) => {
      const [row]: { id: string; fresh: boolean }[] = await manager.query(
        `INSERT INTO authorisation_request (user_id, affiliation, reason, proposal, beamline) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id) WHERE state = 'open'
         DO UPDATE SET affiliation = $2, reason = $3, proposal = $4, beamline = $5
         RETURNING id, xmax = 0 AS fresh`,
        [person.id, affiliation, reason, proposal, beamline],
      );
      const details = { request: row?.id ?? null, changed: !row?.fresh, proposal, beamline };
      await this.audit.write(manager, { kind: 'request-made', actorId: person.id, subjectId: person.id, details });
      await notifyAuthorisation(manager, person.id);
    });
  }

  /** @throws ApiError 404: none is open */
  async withdraw({ id }: Person): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [withdrawn]: [{ id: string }[], number] = await manager.query(
        `UPDATE authorisation_request SET state = 'withdrawn', decided_at = now()
         WHERE user_id = $1 AND state = 'open' RETURNING id`,
        [id],
      );
      const [request] = withdrawn;
      if (!request) throw notFound('No request of yours is open: it was decided or withdrawn already.');
      const details = { request: request.id };
      await this.audit.write(manager, { kind: 'request-withdrawn', actorId: id, subjectId: id, details });
      await notifyAuthorisation(manager, id);
    });
  }
}

export function requestView(row: Omit<AuthorisationRequestEntity, 'userId' | 'decidedBy'>): AuthorisationRequestView {
  const { id, state, affiliation, reason, proposal, beamline, answer } = row;
  const times = { askedAt: row.askedAt.toISOString(), decidedAt: row.decidedAt?.toISOString() ?? null };
  return { id, state, affiliation, reason, proposal, beamline, answer, ...times };
}
