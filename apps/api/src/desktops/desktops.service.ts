import { randomUUID } from 'node:crypto';
import type { InstanceView, LaunchRequest } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FewAtOnce } from '../auth/local-accounts/few-at-once';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { allocationColumns } from '../instances/allocation';
import { currentRequestId } from '../http/request-id';
import { INSTALLATION } from '../instances/installation';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { InstanceViews } from '../instances/instance-view';
import { InstancesRepository } from '../instances/instances.repository';
import { DESKTOP } from '../instances/services';
import { type ConfirmedProposal, ProposalAccess } from '../proposals/proposal-access';
import { LaunchQuota } from '../quotas/launch-quota';
import { QuotaGlance } from '../quotas/quota-glance';
import type { Counted } from '../quotas/quota-locks';
import { auditLaunch } from './launch-entry';
import { LaunchQueue, type Placement } from './launch-queue';
import { type Launch, LaunchPlanner } from './launch-planner';

/** Most wait for the same locks anyway: the rest of the connections is for everything else. */
const AT_ONCE = 8;
const IN_LINE = 10_000;

/**
 * The click. Idempotent: whatever the number of clicks, tabs and retries, a person has at most one desktop a proposal. The
 * catalogue is asked first; quota and host are decided and the row written in one transaction that holds the locks of all whose
 * limits it has to keep.
 */
@Injectable()
export class DesktopsService {
  private readonly inTurn = new FewAtOnce(AT_ONCE, IN_LINE);

  constructor(
    private readonly dataSource: DataSource,
    private readonly proposals: ProposalAccess,
    private readonly planner: LaunchPlanner,
    private readonly quota: LaunchQuota,
    private readonly glance: QuotaGlance,
    private readonly queue: LaunchQueue,
    private readonly instances: InstancesRepository,
    private readonly views: InstanceViews,
  ) {}

  /** Launch, Open and Try again. */
  async launch(person: Person, key: string, request: LaunchRequest): Promise<InstanceView> {
    const member = await this.proposals.requireMemberForLaunch(person, key);
    // Before the line and once more at its head: most of a crowd is told at once, and the rest costs no lock.
    await this.refuseIfFull(person, member);
    return this.inTurn.run(() => this.launchAs(person, member, request));
  }

  private async launchAs(person: Person, member: ConfirmedProposal, request: LaunchRequest): Promise<InstanceView> {
    const { key } = member.proposal;
    await this.refuseIfFull(person, member);
    const present = (await this.views.ownByProposal(person.id, DESKTOP, [key])).get(key);
    if (present && isUnderWay(present)) return this.unlessOther(present, request);
    // Looks at the disk, so it comes before the locks.
    const launch = await this.planner.plan(person, member, request, present?.id ?? null);
    const id = await this.dataSource.transaction((manager) => this.place(manager, person, launch, DESKTOP));
    // What was planned for came or went meanwhile, e.g. by another tab: planned anew.
    if (id === null) return this.launchAs(person, member, request);
    const view = await this.views.one(id, person.id);
    if (!view) throw notFound();
    return this.unlessOther(view, request);
  }

  private async refuseIfFull(person: Person, { proposal }: ConfirmedProposal): Promise<void> {
    const refusal = await this.glance.refusalFor(this.planner.countedFor(person, proposal));
    if (refusal) throw refusal;
  }

  /**
   * What needs no proposal of a catalogue, such as the trial of an image: decided and counted as every other launch. One that is under
   * way is what is answered.
   * @param also written in the same transaction
   */
  async launchApart(
    person: Person,
    launch: Launch,
    service: string,
    also: (manager: EntityManager) => Promise<void>,
  ): Promise<InstanceView> {
    const { key } = launch.proposal;
    const present = (await this.views.ownByProposal(person.id, service, [key])).get(key);
    if (present && isUnderWay(present)) return present;
    const id = await this.dataSource.transaction(async (manager) => {
      const placed = await this.place(manager, person, launch, service);
      if (placed !== null) await also(manager);
      return placed;
    });
    const view = id === null ? null : await this.views.one(id, person.id);
    if (!view) throw notFound();
    return view;
  }

  /** The instance that is launched or under way; null: the kept disk is not as it was when the launch was planned. */
  private async place(
    manager: EntityManager,
    person: Person,
    launch: Launch,
    service: string,
  ): Promise<string | null> {
    await this.quota.lock(manager, countedFor(person, launch));
    const live = await this.instances.lockLive(manager, person.id, launch.proposal.key, service);
    if (live && isUnderWay(live)) return live.id;
    const keptOf = live && live.allocStorageMib > 0 ? live.id : null;
    if (keptOf !== launch.keptOf) return null;
    const id = live?.id ?? randomUUID();
    if (live) await this.again(manager, person, live, launch);
    else await this.insert(manager, { id, service }, person, launch);
    await auditLaunch(manager, id, person.id, launch);
    return id;
  }

  private async insert(
    manager: EntityManager,
    named: { id: string; service: string },
    person: Person,
    launch: Launch,
  ): Promise<void> {
    const placement = await this.decide(manager, person, launch, null);
    const row = { ...launchColumns(launch), ...placement, ...named, ownerId: person.id };
    await this.instances.insert(
      manager,
      { ...row, installationId: INSTALLATION, ...allocationColumns(launch.plan.needs) },
      'launched',
    );
  }

  /** STOPPED or FAILED: the same record, with everything decided anew. */
  private async again(manager: EntityManager, person: Person, live: InstanceEntity, launch: Launch): Promise<void> {
    const placement = await this.decide(manager, person, launch, live);
    const set = { ...launchColumns(launch), ...placement, wanted: 'RUNNING', wantedReason: 'launched' } as const;
    const cleared = {
      failureCode: null,
      failureMessage: null,
      notice: null,
      membershipLostAt: null,
      unreachable: false,
    };
    await this.instances.moveWithin(manager, live, {
      to: 'REQUESTED',
      reason: live.state === 'FAILED' ? 'tried-again' : 'opened',
      set: { ...set, ...cleared, ...allocationColumns(launch.plan.needs), launchedAt: () => 'clock_timestamp()' },
    });
  }

  /** The host that takes it, or its turn in the queue. @throws ApiError 409 when quota or hosts do not suffice */
  private async decide(
    manager: EntityManager,
    person: Person,
    launch: Launch,
    again: InstanceEntity | null,
  ): Promise<Placement> {
    const { plan } = launch;
    const wish = { ...countedFor(person, launch), needs: plan.needs, lifetimeMinutes: plan.lifetimeMinutes };
    await this.quota.decide(manager, wish, again?.id ?? null);
    const keptOn = again && again.allocStorageMib > 0 ? again.hostId : null;
    return this.queue.place(manager, { flavour: plan.flavour, only: keptOn, except: again?.id ?? null });
  }

  private unlessOther(view: InstanceView, { plan }: LaunchRequest): InstanceView {
    if (plan === undefined || view.plan.id === plan) return view;
    const message = `A desktop of this proposal already runs with "${view.plan.name}". Stop it first.`;
    throw new ApiError(409, 'OTHER_PLAN_RUNNING', message, { instance: view.id, plan: view.plan.id });
  }
}

/** Nothing for a click to do: it runs, comes up, goes down or is being removed. */
function isUnderWay({ state, wanted }: Pick<InstanceEntity, 'state' | 'wanted'>): boolean {
  return wanted === 'DELETED' || (state !== 'STOPPED' && state !== 'FAILED');
}

function launchColumns({ plan, proposal, beamlineId, confirmedAt, dataAccess, step }: Launch) {
  return {
    proposalKey: proposal.key,
    proposalName: proposal.name,
    proposalTitle: proposal.title,
    catalogue: proposal.catalogue,
    beamlineId,
    requestId: currentRequestId(),
    planId: plan.id,
    plan,
    dataAccess,
    step,
    expiresAt: new Date(Date.now() + plan.lifetimeMinutes * 60_000),
    // Confirmed earlier: the next check is due, as soon as the catalogue answers.
    membershipCheckedAt: confirmedAt ?? (() => 'clock_timestamp()'),
  };
}

function countedFor({ id }: Person, { proposal, beamlineId }: Launch): Counted {
  return { ownerId: id, proposalKey: proposal.key, beamlineId };
}
