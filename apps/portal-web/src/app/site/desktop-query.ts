import type { ParamMap, Params } from '@angular/router';
import type { DesktopsCsvQuery, MonitoredDesktopsQuery } from '@beamdesk/contracts';

export const DESKTOPS_PER_PAGE = 50;

export const STATES = ['READY', 'coming', 'queued', 'idle', 'going', 'STOPPED', 'FAILED'] as const;
const PICKED = ['beamline', 'proposal', 'plan', 'image', 'host', 'owner'] as const;
export type Picked = (typeof PICKED)[number];

/** What an address asks for; what it can't ask for is left out. */
export function queryOf(params: ParamMap): MonitoredDesktopsQuery {
  const state = STATES.find((one) => one === params.get('state'));
  const page = Math.floor(Number(params.get('page')));
  const picked: Partial<Record<Picked, string>> = {};
  for (const name of PICKED) {
    const value = params.get(name);
    if (value !== null && value !== '') picked[name] = value;
  }
  return {
    ...(state && { state }),
    ...picked,
    q: (params.get('q') ?? '').slice(0, 200),
    offset: page > 1 && page < 10_000 ? (page - 1) * DESKTOPS_PER_PAGE : 0,
    limit: DESKTOPS_PER_PAGE,
  };
}

/** The address of that; null: not in it. */
export function paramsOf({ q, offset, limit, state, ...picked }: MonitoredDesktopsQuery): Params {
  const page = offset / limit + 1;
  const values: Params = { state: state ?? null, q: q === '' ? null : q, page: page > 1 ? page : null };
  for (const name of PICKED) values[name] = picked[name] ?? null;
  return values;
}

/** Of the file with all that is picked out. */
export function fileOf({ offset: _, limit: __, ...query }: MonitoredDesktopsQuery): string {
  const { q, ...rest }: DesktopsCsvQuery = query;
  return `/api/monitor/desktops.csv?${new URLSearchParams({ ...rest, ...(q && { q }) }).toString()}`;
}
