import { createHash } from 'node:crypto';
import { type CatalogueAccount, foldText, type Proposal } from '@beamdesk/catalogue';
import { sortOrder } from './sort-order';

export interface CopiedVisit {
  id: string;
  beamline: { id: string; name: string; technique: string };
  /** ISO 8601. */
  start: string | null;
  end: string | null;
}

/** A proposal and one account's membership in it, as they are written. */
export interface CopiedRow {
  /** Hex. */
  digest: string;
  key: string;
  facility: string;
  name: string;
  title: string;
  abstract: string;
  visits: CopiedVisit[];
  techniques: string[];
  words: string;
  roles: string[];
  nameOrder: string;
  titleOrder: string;
  lastVisitAt: string | null;
}

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What an account may see goes by all three, so nothing less names its copy. Hex. */
export function accountDigest({ catalogue, name, groups }: CatalogueAccount): string {
  return sha256([catalogue, name, [...new Set(groups)].sort()]);
}

/** `proposal` as the catalogue showed it to `account`; of its team only the account's own roles are kept. */
export function copiedRow(account: CatalogueAccount, proposal: Proposal): CopiedRow {
  const { key } = proposal;
  const shown = {
    facility: storable(proposal.facility),
    name: storable(proposal.name),
    title: storable(proposal.title),
    abstract: storable(proposal.abstract),
  };
  const visits = proposal.visits.map(({ id, beamline, start, end }) => ({
    id: storable(id),
    beamline: {
      id: storable(beamline.id),
      name: storable(beamline.name),
      technique: storable(beamline.technique),
    },
    start: start?.toISOString() ?? null,
    end: end?.toISOString() ?? null,
  }));
  const beamlines = visits.flatMap(({ beamline }) => [beamline.id, beamline.name, beamline.technique]);
  const techniques = (proposal.techniques ?? []).map(storable);
  const words = foldText([shown.name, shown.title, shown.abstract, ...new Set(beamlines)].join('\n'));
  const own = proposal.team.find((member) => member.account === account.name);
  const starts = visits.flatMap(({ start, end }) => start ?? end ?? []);
  return {
    digest: sha256([key, shown, visits, words, techniques]),
    key,
    ...shown,
    visits,
    techniques,
    words,
    roles: (own?.roles ?? []).map(storable),
    nameOrder: sortOrder(shown.name),
    titleOrder: sortOrder(shown.title),
    lastVisitAt: starts.sort().at(-1) ?? null,
  };
}

/** PostgreSQL holds neither NUL nor half a surrogate pair in a text. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
