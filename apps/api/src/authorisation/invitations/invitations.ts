import {
  INVITATION_MAX_DAYS,
  type InvitationsPage,
  type InvitationsQuery,
  type InvitationView,
  type InvitationWish,
  type MadeInvitation,
} from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import type { Person } from '../../auth/person';
import { Config } from '../../config';
import { ApiError, badRequest, notFound } from '../../http/api-error';
import { isAddress } from '../../mail/address';
import { Mail } from '../../mail/mail';
import { Site } from '../../site/site';
import { rolesToGrant, RoleTerms } from '../role-terms';
import { hashOfCode, newCode } from './invitation-code';
import { STATE } from './invitation-state';

const DAY_MS = 86_400_000;
/** Between two clocks. */
const SLACK_MS = 3_600_000;

interface Row extends Omit<InvitationView, 'until' | 'redeemBy' | 'madeAt' | 'endedAt'> {
  until: Date | null;
  redeemBy: Date;
  madeAt: Date;
  endedAt: Date | null;
}

const ROWS = `
  SELECT i.id, ${STATE} AS state, i.name, i.email, i.role, i.beamlines, i.until, i.redeem_by AS "redeemBy", i.reason,
    i.made_at AS "madeAt", CASE WHEN i.by_portal THEN 'the portal' ELSE m.name END AS "madeBy", COALESCE(i.used_at, i.withdrawn_at) AS "endedAt", e.name AS "endedBy"
  FROM invitation i LEFT JOIN user_account m ON m.id = i.made_by
    LEFT JOIN user_account e ON e.id = COALESCE(i.used_by, i.withdrawn_by)`;

/** Whoever decides sees what they offered themselves; $1 null: everybody's. */
const MINE = '($1::uuid IS NULL OR i.made_by = $1)';
const OF_STATE: Record<InvitationsQuery['state'], string> = {
  open: `s.state = 'open' ORDER BY s."redeemBy", s.id`,
  closed: `s.state <> 'open' ORDER BY COALESCE(s."endedAt", s."redeemBy") DESC, s.id`,
};

/** Roles on offer to people who may not have a login yet: made, listed and withdrawn by those who may grant them. */
@Injectable()
export class Invitations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly site: Site,
    private readonly audit: Audit,
    private readonly terms: RoleTerms,
    private readonly mail: Mail,
  ) {}

  /**
   * The only time the code is seen, in the link's fragment.
   * @throws ApiError 403 ROLE_NOT_YOURS_TO_GRANT; 400: see `RoleTerms`, and dates that do not go together
   */
  async make(person: Person, wish: InvitationWish): Promise<MadeInvitation> {
    this.check(person, wish);
    const code = newCode();
    const { name, email, role, beamlines, until, redeemBy, reason, byMail } = wish;
    const link = new URL('/invitation', this.config.publicUrl);
    link.hash = code;
    const invitation = await this.dataSource.transaction(async (manager) => {
      const [made]: { id: string }[] = await manager.query(
        `INSERT INTO invitation (code_hash, name, email, role, beamlines, until, redeem_by, reason, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
        [hashOfCode(code), name, email, role, beamlines, until, redeemBy, reason, person.id],
      );
      const details = { invitation: made?.id ?? null, name, role, beamlines, until, redeemBy, byMail };
      await this.audit.write(manager, { kind: 'invitation-made', actorId: person.id, subjectId: null, details });
      if (byMail) {
        const end = `${new Date(redeemBy).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
        const words = { by: person.name, role, redeemBy: end, reason, link: link.href };
        await this.mail.queue(manager, 'invitation', { name, address: email ?? '' }, words);
      }
      return this.one(manager, made?.id ?? '');
    });
    return { invitation, link: link.href, mailed: byMail };
  }

  async page(person: Person, { state, offset, limit }: InvitationsQuery): Promise<InvitationsPage> {
    const rows = await this.dataSource.query<(Row & { total: number })[]>(
      `SELECT s.*, count(*) OVER ()::int AS total FROM (${ROWS} WHERE ${MINE}) s WHERE ${OF_STATE[state]} OFFSET $2 LIMIT $3`,
      [ownOnly(person), offset, limit],
    );
    return {
      items: rows.map(viewOf),
      total: rows[0]?.total ?? 0,
      roles: rolesToGrant(person),
      beamlines: this.site.beamlines.map(({ id, name }) => ({ id, name })),
      mail: this.mail.on,
    };
  }

  /** @throws ApiError 404: unknown, or somebody else's; 409 INVITATION_CLOSED: it was used, withdrawn, or is over */
  async withdraw(person: Person, id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [found]: { state: string; role: string }[] = await manager.query(
        `SELECT ${STATE} AS state, i.role FROM invitation i WHERE ${MINE} AND i.id = $2 FOR UPDATE`,
        [ownOnly(person), id],
      );
      if (!found) throw notFound();
      if (found.state !== 'open' && found.state !== 'lapsed') {
        const message = 'This invitation is closed already: it was accepted or withdrawn, or its time is over.';
        throw new ApiError(409, 'INVITATION_CLOSED', message, { state: found.state });
      }
      await manager.query('UPDATE invitation SET withdrawn_at = now(), withdrawn_by = $2 WHERE id = $1', [id, person.id]);
      const details = { invitation: id, role: found.role };
      await this.audit.write(manager, { kind: 'invitation-withdrawn', actorId: person.id, subjectId: null, details });
    });
  }

  private check(person: Person, { role, until, beamlines, redeemBy, byMail, email }: InvitationWish): void {
    if (byMail && !this.mail.on) throw badRequest([{ path: 'byMail', message: 'this portal sends no mail' }]);
    if (byMail && !isAddress(email ?? '')) throw badRequest([{ path: 'email', message: 'must be one address' }]);
    this.terms.check(person, { role, until, beamlines });
    const ahead = Date.parse(redeemBy) - Date.now();
    if (ahead <= 0) throw badRequest([{ path: 'redeemBy', message: 'is not in the future' }]);
    if (ahead > INVITATION_MAX_DAYS * DAY_MS + SLACK_MS) {
      throw badRequest([{ path: 'redeemBy', message: `is more than ${INVITATION_MAX_DAYS} days ahead` }]);
    }
    if (until !== null && Date.parse(until) < Date.parse(redeemBy)) {
      throw badRequest([{ path: 'redeemBy', message: 'is after the end of the role' }]);
    }
  }

  private async one(manager: EntityManager, id: string): Promise<InvitationView> {
    const [row]: Row[] = await manager.query(`${ROWS} WHERE i.id = $1`, [id]);
    if (!row) throw new Error('the invitation was not stored');
    return viewOf(row);
  }
}

const ownOnly = ({ id, roles }: Person): string | null => (roles.includes('ADMIN') ? null : id);

function viewOf(row: Row): InvitationView {
  const { id, state, name, email, role, beamlines, until, redeemBy, reason, madeAt, madeBy, endedAt, endedBy } = row;
  return {
    ...{ id, state, name, email, role, beamlines, reason, madeBy, endedBy },
    until: until?.toISOString() ?? null,
    redeemBy: redeemBy.toISOString(),
    madeAt: madeAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
