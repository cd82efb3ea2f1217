import {
  LIFE_REQUEST_MAX_DAYS,
  QUOTA_REQUEST_MAX_DAYS,
  type QuotaRequestWish,
} from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { ApiError, badRequest } from '../http/api-error';
import { InstanceAccess } from '../instances/instance-access';
import { ProposalAccess } from '../proposals/proposal-access';
import type { QuotaRequestEntity } from './quota-request.entity';

const DAY_MS = 86_400_000;
/** Between two clocks. */
const SLACK_MS = 3_600_000;

/** What is asked for, with whose staff decide it. */
export type Subject = Pick<
  QuotaRequestEntity,
  'subject' | 'proposalKey' | 'proposalName' | 'instanceId' | 'beamlines' | 'wanted' | 'wantedUntil'
>;

/** A wish, looked up: only for what is the person's own. */
@Injectable()
export class RequestSubjects {
  constructor(
    private readonly dataSource: DataSource,
    private readonly proposals: ProposalAccess,
    private readonly access: InstanceAccess,
  ) {}

  /**
   * @throws ApiError 404: not their proposal, or not their desktop; 403: a desktop that is somebody else's; 409 DESKTOP_ENDED,
   * NOT_LONGER; 400: an end in the past or too far ahead
   * @throws CatalogueUnavailable
   */
  async of(person: Person, wish: QuotaRequestWish): Promise<Subject> {
    const wantedUntil = new Date(wish.until);
    checkUntil(wantedUntil, wish.kind === 'QUOTA' ? QUOTA_REQUEST_MAX_DAYS : LIFE_REQUEST_MAX_DAYS);
    if (wish.kind === 'LIFE') return { ...(await this.desktop(person, wish.instance, wantedUntil)), wantedUntil };
    const { proposal: key, amounts: wanted } = wish;
    if (key === null) return { ...NOTHING, subject: '', beamlines: [], wanted, wantedUntil };
    const { proposal } = await this.proposals.requireMember(person, key);
    const beamlines = [...new Set(proposal.visits.map(({ beamline }) => beamline.id))];
    const named = { proposalKey: key, proposalName: proposal.name };
    return { ...NOTHING, ...named, subject: key, beamlines, wanted, wantedUntil };
  }

  private async desktop(person: Person, id: string, until: Date): Promise<Omit<Subject, 'wantedUntil'>> {
    const { instance } = await this.access.require(person.id, id, 'extend');
    const { expiresAt, proposalKey, proposalName, beamlineId } = instance;
    if (instance.wanted !== 'RUNNING' || expiresAt === null || expiresAt.getTime() <= Date.now()) {
      throw new ApiError(409, 'DESKTOP_ENDED', 'This desktop has ended, so it cannot go on longer.');
    }
    if (until <= expiresAt) {
      throw new ApiError(409, 'NOT_LONGER', 'This desktop goes on at least as long already.');
    }
    const beamlines = beamlineId === null ? await this.beamlinesOf(proposalKey) : [beamlineId];
    return { subject: id, proposalKey, proposalName, instanceId: id, beamlines, wanted: null };
  }

  /** As the copies of the catalogues say. */
  private async beamlinesOf(proposalKey: string): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT DISTINCT v -> 'beamline' ->> 'id' AS id FROM copied_membership m
       JOIN copied_proposal p ON p.id = m.proposal_id, jsonb_array_elements(p.visits) v WHERE m.key = $1`,
      [proposalKey],
    );
    return rows.map(({ id }) => id);
  }
}

const NOTHING = { proposalKey: null, proposalName: null, instanceId: null };

/** @throws ApiError 400 */
function checkUntil(until: Date, maxDays: number): void {
  const ahead = until.getTime() - Date.now();
  if (ahead <= 0) throw badRequest([{ path: 'until', message: 'is not in the future' }]);
  if (ahead > maxDays * DAY_MS + SLACK_MS) {
    throw badRequest([{ path: 'until', message: `is more than ${maxDays} days ahead` }]);
  }
}
