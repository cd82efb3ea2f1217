import type { Proposal } from '@beamdesk/catalogue';
import { ASK, DataRefused } from './data-refused';
import { expandPath, UnsafeValue } from './expand-path';
import type { DataRule } from './site-data';

/** A rule with the proposal's own words put in. */
export type Expanded = { guest: string } & (
  { mount: '9p' | 'virtiofs'; path: string } | { mount: 'nfs'; server: string; exportPath: string }
);

/** What templates may say of one proposal; null: it has no such thing. */
export type ProposalValues = Record<string, string | null>;

/** @param timeZone in which a visit's year is told */
export function valuesOf(proposal: Proposal, timeZone: string, now = Date.now()): ProposalValues {
  const visit = visitOf(proposal, now);
  const day = visit?.start ?? visit?.end ?? null;
  return {
    proposal: proposal.name,
    facility: proposal.facility,
    catalogue: proposal.catalogue,
    beamline: visit?.beamline.id ?? null,
    visit: visit?.id ?? null,
    year: day && new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(day),
  };
}

/** The first rule that fits, whether its data are there or not. @throws DataRefused DATA_NO_RULE */
export function ruleFor(rules: DataRule[], values: ProposalValues): DataRule {
  const fits = (allowed: string[] | undefined, value: string | null | undefined) =>
    allowed === undefined || (typeof value === 'string' && allowed.includes(value));
  const rule = rules.find(
    ({ when }) =>
      fits(when.catalogue, values['catalogue']) &&
      fits(when.facility, values['facility']) &&
      fits(when.beamline, values['beamline']),
  );
  if (rule) return rule;
  const message = `The portal is not told where the data of proposals like this one are. ${ASK}`;
  throw new DataRefused('DATA_NO_RULE', message, `no rule of data.rules fits ${JSON.stringify(values)}`);
}

/** @throws DataRefused DATA_NAME */
export function expandRule(rule: DataRule, values: ProposalValues): Expanded {
  return named(() => {
    const guest = expandPath(rule.guest, values);
    if (rule.mount !== 'nfs') return { guest, mount: rule.mount, path: expandPath(rule.path, values) };
    return { guest, mount: 'nfs', server: rule.nfs.server, exportPath: expandPath(rule.nfs.export, values) };
  });
}

/** Has a value that can be part of no name refused as the proposal's fault. */
export function named<T>(expand: () => T): T {
  try {
    return expand();
  } catch (error) {
    if (!(error instanceof UnsafeValue)) throw error;
    throw new DataRefused('DATA_NAME', `No data folder can belong to this proposal's name. ${ASK}`, error.message);
  }
}

/** The latest visit that has begun, else the first to come: whose folder a template with {visit} or {beamline} means. */
function visitOf(proposal: Proposal, now: number): Proposal['visits'][number] | null {
  const begin = (visit: Proposal['visits'][number]) => (visit.start ?? visit.end)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...proposal.visits].sort((a, b) => begin(a) - begin(b));
  return sorted.findLast((visit) => begin(visit) <= now) ?? sorted[0] ?? null;
}
