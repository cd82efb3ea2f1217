import type { AmountName, QuotaSubject, ShortfallView } from '@beamdesk/contracts';
import {
  type Holding,
  type Limits,
  type ResourceName,
  type Amounts,
  type SubjectShortfall,
  usageWords,
} from '@beamdesk/quota';
import { ApiError } from '../http/api-error';
import { type HeldPart, partsOf } from './quota-names';

const isHour = (name: AmountName): name is 'vcpuMinutes' | 'gpuMinutes' =>
  name === 'vcpuMinutes' || name === 'gpuMinutes';

/** Whose limit it is, for the person it stands in the way of; '' for their own. */
function whose({ kind, name }: QuotaSubject): string {
  if (kind === 'proposal') return `proposal ${name}`;
  if (kind === 'beamline') return `beamline ${name}`;
  return kind === 'site' ? 'the whole site' : '';
}

/**
 * What is held of one amount and where, in words: of a person by proposal, of all others the person's own share and that of
 * other people together, never by name.
 * @param here key of the proposal that the words are shown at; null: of none
 */
export function explain(
  name: AmountName,
  { subject, limits, usage }: { subject: Pick<QuotaSubject, 'kind' | 'id'>; limits: Limits; usage: Amounts },
  parts: readonly HeldPart[],
  here: string | null,
): string {
  const figures = { used: usage[name], limit: limits[name] };
  if (isHour(name)) return usageWords(name, figures, []);
  return usageWords(name, figures, holdingsOf(name, subject, usage[name], parts, here));
}

function holdingsOf(
  name: ResourceName,
  subject: Pick<QuotaSubject, 'kind' | 'id'>,
  used: number,
  parts: readonly HeldPart[],
  here: string | null,
): Holding[] {
  const own = partsOf(subject, parts);
  if (subject.kind === 'user') {
    return own.map(({ proposalKey, proposalName, amounts }) => ({
      where: proposalKey === here ? 'here' : `in proposal ${proposalName}`,
      amount: amounts[name],
    }));
  }
  const mine = own.reduce((sum, { amounts }) => sum + amounts[name], 0);
  return [
    { where: 'yours', amount: mine },
    { where: "other people's", amount: Math.max(0, used - mine) },
  ];
}

/** The refusal: names each limit that stands in the way, whose it is, and what holds it. */
export function quotaExceeded(
  shortfalls: readonly SubjectShortfall[],
  names: readonly QuotaSubject[],
  parts: readonly HeldPart[],
  here: string,
): ApiError {
  const told = shortfalls.map((shortfall, i): ShortfallView => {
    const { resource, requested, available, missing, subject } = shortfall;
    const named = names[i] ?? { kind: subject.kind, id: subject.id, name: subject.id };
    const explained = explain(resource, { subject, limits: subject.limits, usage: subject.usage }, parts, here);
    // Their own name is no news to anybody.
    return { resource, requested, available, missing, subject: named, explained };
  });
  const own = told.filter(({ subject }) => subject?.kind === 'user');
  const [first] = own.length > 0 ? own : told;
  const shown = told.filter(({ subject }) => subject?.kind === first?.subject?.kind);
  const limit = first?.subject ? whose(first.subject) : '';
  const whoseQuota = limit === '' ? 'Your quota' : `The quota of ${limit}`;
  const words = shown.map(({ explained }) => explained).join('; ');
  const advice = own.length > 0 && own.some(({ resource }) => !isHour(resource)) ? ' Stop one of yours first.' : '';
  const message = `${whoseQuota} does not allow this (${words} in use).${advice}`;
  return new ApiError(409, 'QUOTA_EXCEEDED', message, { shortfalls: told });
}
