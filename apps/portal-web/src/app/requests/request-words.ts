import type { QuotaRequestView } from '@beamdesk/contracts';
import { amountsWords } from './amount-fields';

type Told = Pick<QuotaRequestView, 'kind' | 'proposal' | 'wanted' | 'granted' | 'wantedUntil' | 'grantedUntil' | 'state'>;

/** "More quota for proposal 20260301", "Longer life of the desktop of 20260301" */
export function requestTitle({ kind, proposal }: Pick<Told, 'kind' | 'proposal'>): string {
  if (kind === 'LIFE') return `Longer life of the desktop of ${proposal?.name ?? 'a proposal'}`;
  return proposal === null ? 'More quota for the person' : `More quota for proposal ${proposal.name}`;
}

/** In the words of whoever asked. */
export function ownTitle(request: Pick<Told, 'kind' | 'proposal'>): string {
  return request.kind === 'QUOTA' && request.proposal === null ? 'More quota for me' : requestTitle(request);
}

/** Granted, but not all of it, or not as long. */
export function inPart(request: Told): boolean {
  if (request.state !== 'GRANTED') return false;
  const shorter = request.grantedUntil !== null && request.grantedUntil < request.wantedUntil;
  return shorter || amountsWords(request.granted ?? {}) !== amountsWords(request.wanted ?? {});
}

export function stateWords(request: Told): string {
  switch (request.state) {
    case 'OPEN':
      return 'waits for a decision';
    case 'GRANTED':
      return inPart(request) ? 'granted in part' : 'granted';
    case 'REFUSED':
      return 'refused';
    case 'WITHDRAWN':
      return 'withdrawn';
  }
}
