import type { ParamMap, Params } from '@angular/router';
import type { AuditFilters } from '../api/audit.api';

/** What an address asks for; days as the person's own calendar has them, both ends included. */
export interface AuditAddress {
  kind: string;
  person: string;
  from: string;
  to: string;
  q: string;
}

const day = (text: string | null): string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';

export function auditAddressOf(params: ParamMap): AuditAddress {
  const person = params.get('person') ?? '';
  return {
    kind: params.get('kind') ?? '',
    person: /^[0-9a-f-]{36}$/.test(person) ? person : '',
    from: day(params.get('from')),
    to: day(params.get('to')),
    q: (params.get('q') ?? '').slice(0, 200),
  };
}

export function auditParamsOf(address: AuditAddress): Params {
  return Object.fromEntries(Object.entries(address).map(([name, value]) => [name, value === '' ? null : value]));
}

/** Days begin at midnight where the person is. */
export function auditFiltersOf({ kind, person, from, to, q }: AuditAddress): AuditFilters {
  const midnight = (text: string, days: number) => {
    const at = new Date(`${text}T00:00:00`);
    at.setDate(at.getDate() + days);
    return at.toISOString();
  };
  return {
    ...(kind && { kind }),
    ...(person && { person }),
    ...(from && { from: midnight(from, 0) }),
    ...(to && { to: midnight(to, 1) }),
    ...(q && { q }),
  };
}
