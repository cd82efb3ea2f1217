import type { ProposalSort } from '@beamdesk/contracts';
import { ProposalsRequest } from '../api/proposals.api';

/** Rows of one page of the list. */
export const PAGE_SIZE = 20;

/** The orders on offer, in the words of the page. */
export const SORTS: readonly { readonly sort: ProposalSort; readonly label: string }[] = [
  { sort: 'recent', label: 'Latest first' },
  { sort: 'favourites', label: 'Favourites first' },
  { sort: 'name', label: 'By number' },
  { sort: 'title', label: 'By title' },
];

/** What the address says about the list; anything that does not belong there counts as absent. */
export interface ListQuery {
  readonly search: string;
  readonly sort: ProposalSort;
  readonly favourites: boolean;
  /** From 1. */
  readonly page: number;
}

export function sortOf(value: unknown): ProposalSort {
  return SORTS.find(({ sort }) => sort === value)?.sort ?? 'recent';
}

export function pageOf(value: unknown): number {
  const page = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1;
}

export function toRequest({ search, sort, favourites, page }: ListQuery): ProposalsRequest {
  return { search, sort, favourites, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE };
}

/** The address of a query: what is as usual is left out. */
export function toParams({ search, sort, favourites, page }: ListQuery): Record<string, string | null> {
  return {
    search: search || null,
    sort: sort === 'recent' ? null : sort,
    favourites: favourites ? 'true' : null,
    page: page === 1 ? null : String(page),
  };
}
