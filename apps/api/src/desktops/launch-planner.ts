import type { Proposal } from '@beamdesk/catalogue';
import type { LaunchRequest } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { Maintenance } from '../announcements/maintenance';
import { ApiError } from '../http/api-error';
import type { DataAccess } from '../instances/data-access';
import { InstancesRepository } from '../instances/instances.repository';
import type { PlanSnapshot } from '../instances/plan-snapshot';
import { offerFor } from '../plans/offer';
import { Plans } from '../plans/plans';
import { beamlineOf } from '../proposals/beamline-of';
import type { ConfirmedProposal, MemberProposal } from '../proposals/proposal-access';
import type { Counted } from '../quotas/quota-locks';
import { DataRefused, PathRules } from '../site/path-rules';
import { Site } from '../site/site';

/** All that a launch needs to be decided: what would start, and what it would see. */
export interface Launch {
  plan: PlanSnapshot;
  proposal: Proposal;
  /** What it counts for; null: none that the site knows. */
  beamlineId: string | null;
  /** When the catalogue confirmed the membership; null: just now. */
  confirmedAt: Date | null;
  dataAccess: DataAccess;
  step: string;
  /** The instance whose kept disk it boots; null: a new disk. */
  keptOf: string | null;
}

/** Prepares a launch before anything is locked; changes nothing but the person's scratch folder, which it makes. */
@Injectable()
export class LaunchPlanner {
  constructor(
    private readonly maintenance: Maintenance,
    private readonly plans: Plans,
    private readonly rules: PathRules,
    private readonly site: Site,
    private readonly instances: InstancesRepository,
  ) {}

  /**
   * @param present the person's instance that would be started again
   * @throws ApiError 409 MAINTENANCE, NOT_OFFERED, PLAN_UNAVAILABLE, OTHER_PLAN_RUNNING, or a DATA_… code
   */
  async plan(
    person: Person,
    member: ConfirmedProposal,
    request: LaunchRequest,
    present: string | null,
  ): Promise<Launch> {
    await this.maintenance.mayLaunch(person.roles);
    const kept = await this.keptPlan(present, request);
    return {
      plan: kept ?? (await this.offeredPlan(person, member.proposal, request)),
      keptOf: kept && present,
      proposal: member.proposal,
      beamlineId: beamlineOf(member.proposal, this.site),
      confirmedAt: member.confirmedAt,
      dataAccess: await this.dataAccess(person, member),
      step: 'Waiting for the host',
    };
  }

  /** Whose limits a launch of this proposal has to keep. */
  countedFor({ id }: Pick<Person, 'id'>, proposal: Proposal): Counted {
    return { ownerId: id, proposalKey: proposal.key, beamlineId: beamlineOf(proposal, this.site) };
  }

  /** A kept disk belongs to the plan it was made with, even when that is no longer on offer. */
  private async keptPlan(present: string | null, request: LaunchRequest): Promise<PlanSnapshot | null> {
    const row = present === null ? null : await this.instances.find(present);
    if (!row || row.allocStorageMib === 0) return null;
    if (request.plan === undefined || request.plan === row.plan.id) return row.plan;
    const message = `The disk of a desktop with "${row.plan.name}" is kept for this proposal. Delete that desktop first.`;
    throw new ApiError(409, 'OTHER_PLAN_RUNNING', message, { instance: row.id, plan: row.plan.id });
  }

  private async offeredPlan(person: Person, proposal: Proposal, request: LaunchRequest): Promise<PlanSnapshot> {
    const offers = offerFor(proposal, await this.plans.forPerson(person.id), this.site);
    const asked = request.plan === undefined ? offers[0] : offers.find(({ plan }) => plan.id === request.plan);
    if (!asked) throw new ApiError(409, 'NOT_OFFERED', 'No desktop of this kind is offered for this proposal.');
    const { plan, unavailable } = asked;
    if (unavailable === null) return plan;
    const message = `"${plan.name}" can't be started now. ${unavailable}`;
    throw new ApiError(409, 'PLAN_UNAVAILABLE', message, { plan: plan.id }, `no usable image ${plan.imageId}`);
  }

  private async dataAccess(person: Person, { proposal, account }: MemberProposal): Promise<DataAccess> {
    try {
      const shared = await this.rules.sharesFor({ userId: person.id, account }, proposal);
      return { ...shared, personName: person.name, timeZone: this.site.timeZone };
    } catch (error) {
      if (!(error instanceof DataRefused)) throw error;
      throw new ApiError(409, error.code, error.message, undefined, error.detail);
    }
  }
}
