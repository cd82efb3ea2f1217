import { ProposalPage, ProposalSearch, ProposalSort } from './catalogue';
import { Proposal } from './proposal';

/** Letters that Unicode does not take apart into a base and a mark, but people type without it. */
const UNMARKED: Record<string, string> = {
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ð: 'd',
};

/** Lower case without accents, for comparing what people type: "Müller" and "muller" become the same. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[øđłħıßæœþð]/g, (letter) => UNMARKED[letter] ?? letter);
}

/** Search, sort and paging of `Catalogue.search` over proposals in memory, which the account may see already. */
export function searchProposals(visible: readonly Proposal[], query: ProposalSearch): ProposalPage {
  const words = foldText(query.text).split(/\s+/).filter(Boolean);
  const only = query.keys && new Set(query.keys);
  const first = new Set(query.first);
  const found = visible
    .filter((p) => only === undefined || only.has(p.key))
    .filter((p) => words.length === 0 || matches(p, words))
    .sort((a, b) => Number(first.has(b.key)) - Number(first.has(a.key)) || compare(query.sort, a, b));
  return { items: found.slice(query.offset, query.offset + query.limit), total: found.length };
}

function matches(proposal: Proposal, words: string[]): boolean {
  const beamlines = proposal.visits.flatMap(({ beamline }) => [beamline.id, beamline.name, beamline.technique]);
  const text = foldText([proposal.name, proposal.title, proposal.abstract, ...beamlines].join('\n'));
  return words.every((word) => text.includes(word));
}

function compare(sort: ProposalSort, a: Proposal, b: Proposal): number {
  const byName = a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.key < b.key ? -1 : 1);
  if (sort === 'name') return byName;
  if (sort === 'title') return a.title.localeCompare(b.title, 'en', { numeric: true }) || byName;
  return lastVisit(b) - lastVisit(a) || byName;
}

/** Time of the latest visit's start; proposals without a dated visit come last. */
function lastVisit(proposal: Proposal): number {
  return Math.max(
    Number.MIN_SAFE_INTEGER,
    ...proposal.visits.map((v) => (v.start ?? v.end)?.getTime() ?? Number.MIN_SAFE_INTEGER),
  );
}
