import type { RequestDecision } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { Mail } from '../mail/mail';
import { notifyAuthorisation } from './authorisation-channel';
import { Authorisations } from './authorisations';
import { DeciderSight } from './decider-sight';
import { MINE } from './request-list';
import { RoleTerms } from './role-terms';

interface Asked {
  userId: string;
  state: string;
  reason: string;
}

/** What staff say to a request: everything is decided before anything is written, all of it in one transaction. */
@Injectable()
export class RequestDecisions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
    private readonly authorisations: Authorisations,
    private readonly sight: DeciderSight,
    private readonly terms: RoleTerms,
    private readonly mail: Mail,
  ) {}

  /**
   * @throws ApiError 404: unknown, or of a beamline that is not theirs; 409 ALREADY_DECIDED; 403 ROLE_NOT_YOURS_TO_GRANT,
   * NOT_ALLOWED (their own); 400: an end in the past, beamlines that are none or not of STAFF
   */
  async decide(person: Person, requestId: string, decision: RequestDecision): Promise<void> {
    const { beamlines: mine } = await this.sight.of(person);
    await this.dataSource.transaction(async (manager) => {
      const asked = await this.locked(manager, requestId, mine);
      if (asked.userId === person.id) {
        throw new ApiError(403, 'NOT_ALLOWED', 'Nobody decides about themselves. Somebody else has to look at it.');
      }
      if (decision.decision === 'grant') this.terms.check(person, decision);
      if (asked.state !== 'open') {
        const { state } = asked;
        throw new ApiError(409, 'ALREADY_DECIDED', 'Somebody was quicker: this request is closed.', { state });
      }
      await this.close(manager, person, requestId, asked, decision);
    });
  }

  private async locked(manager: EntityManager, requestId: string, mine: string[] | null): Promise<Asked> {
    const [asked]: Asked[] = await manager.query(
      `SELECT r.user_id AS "userId", r.state, r.reason FROM authorisation_request r WHERE ${MINE} AND r.id = $2 FOR UPDATE`,
      [mine, requestId],
    );
    if (!asked) throw notFound();
    return asked;
  }

  private async close(
    manager: EntityManager,
    { id: actorId }: Person,
    requestId: string,
    { userId, reason }: Asked,
    decision: RequestDecision,
  ): Promise<void> {
    const granted = decision.decision === 'grant';
    await manager.query(
      `UPDATE authorisation_request SET state = $2, decided_at = now(), decided_by = $3, answer = $4 WHERE id = $1`,
      [requestId, granted ? 'granted' : 'refused', actorId, decision.text],
    );
    const kind = granted ? 'request-granted' : 'request-refused';
    await this.audit.write(manager, {
      kind,
      actorId,
      subjectId: userId,
      details: { request: requestId, text: decision.text },
    });
    if (granted) {
      const { role, beamlines } = decision;
      const until = decision.until === null ? null : new Date(decision.until);
      const grant = { userId, role, source: 'decision' as const, actorId, reason, beamlines, until };
      await this.authorisations.grant(manager, grant);
      const words = { role, until: until ? `until ${until.toISOString().slice(0, 10)}` : 'without an end' };
      await this.mail.queue(manager, 'access-granted', { userId }, { ...words, answer: decision.text ?? '' });
    } else {
      await notifyAuthorisation(manager, userId);
      await this.mail.queue(manager, 'access-refused', { userId }, { answer: decision.text ?? '' });
    }
  }
}
