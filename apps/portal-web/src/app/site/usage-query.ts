import type { ParamMap, Params } from '@angular/router';
import type { UsageBy, UsageQuery, UsageStep, UsageView } from '@beamdesk/contracts';

const DAY_MS = 86_400_000;
export const BY: readonly { id: UsageBy; label: string }[] = [
  { id: 'beamline', label: 'By beamline' },
  { id: 'proposal', label: 'By proposal' },
  { id: 'image', label: 'By image' },
];
export const STEPS: readonly { id: UsageStep; label: string }[] = [
  { id: 'hour', label: 'Hours' },
  { id: 'day', label: 'Days' },
  { id: 'week', label: 'Weeks' },
];
export const MEASURES = [
  { id: 'vcpuHours', label: 'vCPU-hours' },
  { id: 'gpuHours', label: 'GPU-hours' },
  { id: 'desktops', label: 'Desktops' },
  { id: 'people', label: 'People' },
] as const;
export type Measure = (typeof MEASURES)[number]['id'];

/** What an address asks for: days, both ends included, UTC. The last 30 days where it doesn't say. */
export interface UsageAddress {
  from: string;
  to: string;
  by: UsageBy;
  step: UsageStep;
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const day = (text: string | null): string | null =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;

export function addressOf(params: ParamMap, now: number): UsageAddress {
  const to = day(params.get('to')) ?? dayOf(now);
  const from = day(params.get('from')) ?? dayOf(Date.parse(to) - 29 * DAY_MS);
  const by = BY.find(({ id }) => id === params.get('by'))?.id ?? 'beamline';
  const step = STEPS.find(({ id }) => id === params.get('step'))?.id ?? 'day';
  return { from, to, by, step };
}

export function usageParams(address: UsageAddress): Params {
  return { ...address };
}

/** What lacks; undefined: it can be asked. */
export function lackOf({ from, to, step }: UsageAddress): string | undefined {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) return 'The last day is before the first.';
  if (step === 'hour' && days > 41) return 'By the hour, at most 41 days can be shown. Choose days or weeks.';
  if (days > 1000) return 'At most 1000 days can be shown.';
  return undefined;
}

export function usageQueryOf({ from, to, by, step }: UsageAddress): UsageQuery {
  return { from: new Date(from).toISOString(), to: new Date(Date.parse(to) + DAY_MS).toISOString(), by, step };
}

export function usageFileOf(address: UsageAddress): string {
  return `/api/monitor/usage.csv?${new URLSearchParams({ ...usageQueryOf(address) }).toString()}`;
}

/** A figure as people read it. */
export function usageNumber(value: number): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 }).format(
    value,
  );
}

const HOUR = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** When a step begins, UTC. */
export function stepWords(iso: string, step: UsageView['step']): string {
  const words = (step === 'hour' ? HOUR : DAY).format(new Date(iso));
  return step === 'week' ? `week of ${words}` : words;
}
