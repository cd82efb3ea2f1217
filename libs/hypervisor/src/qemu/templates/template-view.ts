import { Template, TemplateState } from '../../machine';
import { TemplateOrder } from '../machine-order';
import { MOST_FAILURES } from './limits';
import { TemplateRecord } from './template-record';

/** A template somebody asks for. */
export interface Wanted {
  key: string;
  order: TemplateOrder;
  /** Why there can be none; null: there can. */
  impossible: string | null;
}

export interface Circumstances {
  isWanted: boolean;
  building: { step: string; progress: number; since: Date } | null;
  postponed: string | null;
  machines: number;
  now: Date;
}

/** A template as the port shows it. */
export function describeTemplate(wanted: Wanted, record: TemplateRecord | null, seen: Circumstances): Template {
  const { key, order, impossible } = wanted;
  const state = stateOf(impossible, record, seen);
  const files = record?.phase === 'ready' ? record.files : null;
  return {
    ...{ key, imageId: order.image.id, flavour: order.flavour, protocol: order.protocol, state, wanted: seen.isWanted },
    stateSince: seen.building?.since ?? (record ? new Date(record.since) : seen.now),
    step: seen.building?.step ?? null,
    progress: seen.building?.progress ?? null,
    failures: record?.failures ?? 0,
    failure: impossible ?? seen.postponed ?? record?.failure ?? null,
    buildSeconds: record?.buildSeconds ?? null,
    sizeMib: files && files.disk.allocatedMib + files.state.allocatedMib + files.memory.allocatedMib,
    machines: seen.machines,
  };
}

function stateOf(impossible: string | null, record: TemplateRecord | null, { building }: Circumstances): TemplateState {
  if (impossible !== null) return 'impossible';
  // While one is built anew, launches go on with the one that is there.
  if (record?.phase === 'ready') return 'ready';
  if (building) return 'building';
  return (record?.failures ?? 0) >= MOST_FAILURES ? 'set-aside' : 'waiting';
}
