import { z } from 'zod';
import { parseAs, unavailable } from '../http/unavailable';
import { IcatClient } from './icat-client';
import { isFault } from './icat-fault';
import { limited } from './jpql';

/** Nobody has so many; a query that yields them is a wrong one. */
const ROWS_MAX = 20_000;
const PAGE_MAX = 500;

/** Rows that are asked for at once. @param weight entities one row is likely to come with */
export function pageSize(maxEntities: number, weight: number): number {
  return Math.max(1, Math.min(PAGE_MAX, Math.floor(maxEntities / weight)));
}

/** Reads the rows of a query page by page, however few entities an answer may hold. */
export class IcatReader {
  constructor(
    private readonly client: IcatClient,
    private readonly maxEntities: number,
  ) {}

  /** @param weight entities one row is likely to come with */
  all<T>(session: string, query: string, row: z.ZodType<T>, weight: number): Promise<T[]> {
    return this.rows(session, query, row, weight, 0, ROWS_MAX + 1);
  }

  /** At most `count` rows from `offset` on. */
  async rows<T>(
    session: string,
    query: string,
    row: z.ZodType<T>,
    weight: number,
    offset: number,
    count: number,
  ): Promise<T[]> {
    const found: T[] = [];
    let size = pageSize(this.maxEntities, weight);
    while (found.length < count) {
      const wanted = Math.min(size, count - found.length);
      const page = await this.page(session, limited(query, offset + found.length, wanted), wanted > 1);
      if (page === 'too many') {
        size = Math.max(1, Math.floor(wanted / 4));
        continue;
      }
      found.push(...parseAs(z.array(row), page, 'rows of ICAT'));
      if (page.length < wanted) return found;
      if (found.length > ROWS_MAX) throw unavailable('refused', `more than ${ROWS_MAX} rows`);
    }
    return found;
  }

  /** Included entities count as well, so that a page's size can only be guessed. */
  private async page(session: string, query: string, mayShrink: boolean): Promise<unknown[] | 'too many'> {
    try {
      return await this.client.query(session, query);
    } catch (error) {
      if (mayShrink && isFault(error, 'VALIDATION') && /more than/i.test(error.detail)) return 'too many';
      throw error;
    }
  }
}
