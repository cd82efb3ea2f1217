import type { InvitationOffer, InvitationState, Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { ApiError } from '../../http/api-error';
import { Site } from '../../site/site';
import { Authorisations } from '../authorisations';
import { OpenRequests } from '../open-requests';
import { keepAnAdministrator } from '../role-terms';
import { STATE } from './invitation-state';

interface Found {
  id: string;
  state: InvitationState;
  name: string;
  role: Role;
  beamlines: string[] | null;
  until: Date | null;
  redeemBy: Date;
  reason: string;
  /** Null: the portal itself. */
  madeBy: string | null;
  maker: string | null;
  usedBy: string | null;
}

const UNKNOWN = 'This is no invitation of this portal. Look whether the whole link was copied, or ask for another one.';
const CLOSED: Record<Exclude<InvitationState, 'open'>, { code: string; message: string }> = {
  used: { code: 'INVITATION_USED', message: 'This invitation was accepted already; each is good once. Ask for another one.' },
  expired: { code: 'INVITATION_EXPIRED', message: 'This invitation is over: it was not accepted in time. Ask for another one.' },
  withdrawn: { code: 'INVITATION_WITHDRAWN', message: 'This invitation was withdrawn by the staff. Ask them about it.' },
  lapsed: { code: 'INVITATION_WITHDRAWN', message: 'This invitation counts no longer. Ask the staff for another one.' },
};

/** Accepting an invitation. How it stands is told only to whoever has its code; everything else is INVITATION_UNKNOWN. */
@Injectable()
export class InvitationRedemption {
  constructor(
    private readonly dataSource: DataSource,
    private readonly site: Site,
    private readonly audit: Audit,
    private readonly authorisations: Authorisations,
    private readonly requests: OpenRequests,
  ) {}

  /**
   * @param codeHash of the code that this browser handed in
   * @throws ApiError 404 NO_INVITATION, INVITATION_UNKNOWN; 403 OWN_INVITATION; 410 INVITATION_USED, INVITATION_EXPIRED,
   * INVITATION_WITHDRAWN
   */
  async offer(person: Person, codeHash: string | undefined): Promise<InvitationOffer> {
    const found = await this.find(this.dataSource.manager, codeHash, '');
    this.requireOpen(person, found);
    const { name, role, beamlines, until, redeemBy, reason, maker } = found;
    const names = beamlines?.map((id) => this.site.beamlines.find((one) => one.id === id)?.name ?? id) ?? null;
    const times = { until: until?.toISOString() ?? null, redeemBy: redeemBy.toISOString() };
    return { name, role, beamlines: names, ...times, reason, madeBy: maker ?? 'The portal' };
  }

  /** Of several at once one gets it. Again by the same person: no effect, so that a lost answer may be asked for anew. */
  async accept(person: Person, codeHash: string | undefined): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const found = await this.find(manager, codeHash, 'FOR UPDATE OF i');
      if (found.usedBy === person.id) return;
      this.requireOpen(person, found);
      const { id, role, beamlines, until, reason, madeBy } = found;
      if (role === 'ADMIN') await keepAnAdministrator(manager, person.id, until);
      await manager.query('UPDATE invitation SET used_at = now(), used_by = $2 WHERE id = $1', [id, person.id]);
      const details = { invitation: id, role };
      await this.audit.write(manager, { kind: 'invitation-accepted', actorId: person.id, subjectId: person.id, details });
      const grant = { userId: person.id, role, source: 'invitation' as const, actorId: madeBy, reason, beamlines, until };
      await this.authorisations.grant(manager, grant);
      await this.requests.close(manager, person.id, 'You accepted an invitation.');
    });
  }

  private async find(manager: EntityManager, codeHash: string | undefined, lock: string): Promise<Found> {
    if (codeHash === undefined) {
      throw new ApiError(404, 'NO_INVITATION', 'This browser has followed no invitation. Open the link that you were given.');
    }
    const [found]: Found[] = await manager.query(
      `SELECT i.id, ${STATE} AS state, i.name, i.role, i.beamlines, i.until, i.redeem_by AS "redeemBy", i.reason,
         i.made_by AS "madeBy", m.name AS maker, i.used_by AS "usedBy"
       FROM invitation i LEFT JOIN user_account m ON m.id = i.made_by WHERE i.code_hash = $1 ${lock}`,
      [codeHash],
    );
    if (!found) throw new ApiError(404, 'INVITATION_UNKNOWN', UNKNOWN);
    return found;
  }

  private requireOpen({ id }: Person, { state, madeBy }: Found): void {
    if (state !== 'open') throw new ApiError(410, CLOSED[state].code, CLOSED[state].message, { state });
    if (madeBy === id) {
      throw new ApiError(403, 'OWN_INVITATION', 'This invitation is yours: hand the link to whom it is for.');
    }
  }
}
