import type { AnnouncementView, InstanceView, PlanOffer, PlanView, QuotaView, ShortfallView } from '@beamdesk/contracts';
import { UserMessage } from '../api/user-message';
import { Place, shortfalls } from '../quotas/quota-at';

/** Everything that the button of a proposal can say; exactly one at every moment. */
export type DesktopButtonState =
  /** One click starts a desktop. */
  | { readonly kind: 'offer'; readonly plan: PlanView }
  /** The click is on its way to the server. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'starting'; readonly instance: InstanceView }
  | { readonly kind: 'ready'; readonly instance: InstanceView }
  | { readonly kind: 'stopping'; readonly instance: InstanceView }
  /** Off, its disk kept: Open, unless `missing` says what the quota lacks. */
  | { readonly kind: 'stopped'; readonly instance: InstanceView; readonly missing: readonly ShortfallView[] }
  | { readonly kind: 'failed'; readonly instance: InstanceView }
  | { readonly kind: 'quota-full'; readonly missing: readonly ShortfallView[] }
  /** Nobody starts desktops while a maintenance lasts. */
  | { readonly kind: 'maintenance'; readonly announcement: AnnouncementView }
  | { readonly kind: 'not-offered' }
  /** There are plans for this proposal, and none of them can be started now; the best of them. */
  | { readonly kind: 'unavailable'; readonly offer: PlanOffer }
  /** The last click was refused: host full, catalogue down, portal unreachable, … */
  | { readonly kind: 'refused'; readonly problem: UserMessage };

export interface DesktopButtonFacts {
  /** This person's desktop for the proposal, the newest that is known. */
  readonly instance: InstanceView | undefined;
  readonly plan: PlanView | null;
  /** Best first. */
  readonly offers: readonly PlanOffer[];
  readonly quota: QuotaView | undefined;
  /** What limits it beside the person's own limits; undefined: not known here. */
  readonly place: Place | undefined;
  /** That holds this person's launches back now. */
  readonly maintenance: AnnouncementView | undefined;
  /** A launch from this tab has not been answered yet. */
  readonly asking: boolean;
  /** Why the last launch from this tab was refused. */
  readonly problem: UserMessage | undefined;
  /** The plan it was about; undefined: the one that one click starts. */
  readonly problemPlan: string | undefined;
}

/** Decides the state. What the server pushed about the desktop wins over what this tab asked for. */
export function desktopButtonState(facts: DesktopButtonFacts): DesktopButtonState {
  const { instance, plan, offers, quota, asking, problem } = facts;
  const other = facts.problemPlan !== undefined && facts.problemPlan !== plan?.id;
  if (instance && instance.state !== 'DELETED') {
    const state = stateOfInstance(instance, quota, facts.place);
    const mayLaunch = state.kind === 'stopped' || state.kind === 'failed';
    if (mayLaunch && asking) return { kind: 'asking' };
    if (mayLaunch && problem) return refusal(problem, other);
    return state;
  }
  if (asking) return { kind: 'asking' };
  if (facts.maintenance && offers.length > 0) return { kind: 'maintenance', announcement: facts.maintenance };
  if (problem) return refusal(problem, other);
  const [best] = offers;
  if (plan === null) return best ? { kind: 'unavailable', offer: best } : { kind: 'not-offered' };
  const missing = quota ? shortfalls(quota, plan, facts.place) : [];
  return missing.length > 0 ? { kind: 'quota-full', missing } : { kind: 'offer', plan };
}

function stateOfInstance(instance: InstanceView, quota: QuotaView | undefined, place: Place | undefined): DesktopButtonState {
  switch (instance.state) {
    case 'STOPPING':
    case 'DELETING':
    case 'DELETED':
      return { kind: 'stopping', instance };
    case 'STOPPED':
      if (instance.wanted === 'DELETED') return { kind: 'stopping', instance };
      return {
        kind: 'stopped',
        instance,
        missing: quota ? shortfalls(quota, instance.plan, place, instance.allocation) : [],
      };
    case 'FAILED':
      return instance.wanted === 'DELETED' ? { kind: 'stopping', instance } : { kind: 'failed', instance };
    case 'READY':
      return instance.wanted === 'RUNNING' ? { kind: 'ready', instance } : { kind: 'stopping', instance };
    case 'REQUESTED':
    case 'BUILDING':
    case 'STARTING':
      return instance.wanted === 'RUNNING' ? { kind: 'starting', instance } : { kind: 'stopping', instance };
  }
}

/** @param other of another plan than the button's own, which may well fit into the quota */
function refusal(problem: UserMessage, other: boolean): DesktopButtonState {
  const missing = problem.code === 'QUOTA_EXCEEDED' && !other ? problem.details['shortfalls'] : undefined;
  return Array.isArray(missing) ? { kind: 'quota-full', missing } : { kind: 'refused', problem };
}
