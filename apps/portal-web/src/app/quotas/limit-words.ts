import type { LimitsView } from '@beamdesk/contracts';
import { AMOUNT_NAMES, RESOURCE_LABELS, amount } from './resource-words';

/** "vCPUs 10, Memory 16 GiB": what an override sets. */
export function limitWords(amounts: LimitsView): string {
  return AMOUNT_NAMES.flatMap((name) => {
    const limit = amounts[name];
    return limit === null ? [] : [`${RESOURCE_LABELS[name]} ${amount(name, limit)}`];
  }).join(', ');
}
