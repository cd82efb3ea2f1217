import type {
  AmountName,
  AmountsView,
  LimitsView,
  PlanView,
  QuotaSubject,
  QuotaView,
  ResourcesView,
  ShortfallView,
} from '@beamdesk/contracts';
import { AMOUNT_NAMES } from './resource-words';

/** Where a desktop is started: what limits it beside the person's own limits. */
export interface Place {
  proposalKey: string;
  /** For words where nobody uses anything of it yet. */
  proposalName: string;
  /** Null: it counts for none. */
  beamlineId: string | null;
}

/** What a click asks for. */
export type Wish = Pick<PlanView, 'needs' | 'lifetimeMinutes'>;

interface Figures {
  subject: QuotaSubject;
  limits: LimitsView;
  usage: AmountsView;
}

const NOTHING_USED: AmountsView = {
  ...{ machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 },
  ...{ vcpuMinutes: 0, gpuMinutes: 0 },
};

/** What is asked for, the hours of a whole life among it. */
export function amountsOf({ needs, lifetimeMinutes }: Wish): AmountsView {
  return { ...needs, vcpuMinutes: needs.vcpus * lifetimeMinutes, gpuMinutes: needs.gpus * lifetimeMinutes };
}

/** The person first, then proposal, beamline and site, as far as they are limited. */
function figuresAt(quota: QuotaView, place: Place | undefined): Figures[] {
  const own = quota.subjects.find(({ subject }) => subject.kind === 'user');
  const person: Figures = {
    subject: own?.subject ?? { kind: 'user', id: '', name: '' },
    limits: { vcpuMinutes: null, gpuMinutes: null, ...own?.limits, ...quota.limits },
    usage: { ...NOTHING_USED, ...own?.usage, ...quota.usage },
  };
  const shared = (kind: 'proposal' | 'beamline', id: string, name: string): Figures =>
    quota.subjects.find(({ subject }) => subject.kind === kind && subject.id === id) ?? {
      subject: { kind, id, name },
      limits: quota.shared[kind],
      usage: NOTHING_USED,
    };
  return [
    person,
    ...(place ? [shared('proposal', place.proposalKey, place.proposalName)] : []),
    ...(place && place.beamlineId !== null ? [shared('beamline', place.beamlineId, place.beamlineId)] : []),
    ...quota.subjects.filter(({ subject }) => subject.kind === 'site'),
  ];
}

/**
 * What is missing for a click, of every limit in the way, counting what `held` already takes as available again.
 * Only the server decides; this is for telling before the click.
 */
export function shortfalls(quota: QuotaView, wish: Wish, place?: Place, held?: ResourcesView): ShortfallView[] {
  const amounts = amountsOf(wish);
  return figuresAt(quota, place).flatMap(({ subject, limits, usage }) =>
    AMOUNT_NAMES.flatMap((resource) => {
      const [requested, limit] = [amounts[resource], limits[resource]];
      if (limit === null || requested === 0) return [];
      const available = Math.max(0, limit - usage[resource] + heldOf(held, resource));
      return requested > available ? [{ resource, requested, available, missing: requested - available, subject }] : [];
    }),
  );
}

function heldOf(held: ResourcesView | undefined, name: AmountName): number {
  return name === 'vcpuMinutes' || name === 'gpuMinutes' ? 0 : (held?.[name] ?? 0);
}

/** The least that any of the limits leaves; null: nothing limits it. */
export function leftAt(quota: QuotaView, place?: Place): LimitsView {
  const all = figuresAt(quota, place);
  const least = (name: AmountName): number | null =>
    all.reduce<number | null>((most, { limits, usage }) => {
      const limit = limits[name];
      const left = limit === null ? null : Math.max(0, limit - usage[name]);
      return left === null ? most : Math.min(left, most ?? left);
    }, null);
  return {
    ...{ machines: least('machines'), vcpus: least('vcpus'), memoryMib: least('memoryMib') },
    ...{ storageMib: least('storageMib'), gpus: least('gpus') },
    ...{ vcpuMinutes: least('vcpuMinutes'), gpuMinutes: least('gpuMinutes') },
  };
}

/** Whether it is the person's own limit: they can make room themselves. */
export function isOwn({ subject }: Pick<ShortfallView, 'subject'>): boolean {
  return subject === undefined || subject.kind === 'user';
}
