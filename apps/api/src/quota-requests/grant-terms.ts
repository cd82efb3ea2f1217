import type { QuotaRequestDecision, AmountName, RequestedAmounts } from '@beamdesk/contracts';
import { badRequest } from '../http/api-error';
import type { QuotaRequestEntity } from './quota-request.entity';
import type { Granted } from './request-mails';

type Grant = Extract<QuotaRequestDecision, { decision: 'grant' }>;

/**
 * What a decision grants of what was asked for: never more of it, and not for longer.
 * @throws ApiError 400
 */
export function grantedBy(row: QuotaRequestEntity, { amounts, until: end, text }: Grant): Granted {
  const until = new Date(end);
  if (until.getTime() <= Date.now()) throw badRequest([{ path: 'until', message: 'is not in the future' }]);
  if (until > row.wantedUntil) throw badRequest([{ path: 'until', message: 'is later than was asked for' }]);
  const shorter = until < row.wantedUntil;
  if (row.kind === 'LIFE') {
    if (amounts !== null) throw badRequest([{ path: 'amounts', message: 'have nothing to do with a longer life' }]);
    return { partly: shorter, amounts: null, until, text };
  }
  const wanted = row.wanted ?? {};
  const given = amounts ?? wanted;
  for (const name of Object.keys(given) as AmountName[]) {
    const most = wanted[name];
    if (most === undefined) throw badRequest([{ path: `amounts.${name}`, message: 'was not asked for' }]);
    if ((given[name] ?? 0) > most) throw badRequest([{ path: `amounts.${name}`, message: 'is more than was asked for' }]);
  }
  return { partly: shorter || !same(given, wanted), amounts: given, until, text };
}

function same(a: RequestedAmounts, b: RequestedAmounts): boolean {
  return [...Object.keys(a), ...Object.keys(b)].every((name) => a[name as AmountName] === b[name as AmountName]);
}
