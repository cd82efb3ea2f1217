import { foldText, type ProposalSearch, type ProposalSort } from '@beamdesk/catalogue';

/** Bytes decide, so that the order is the same whatever locale the database has. */
const ORDER: Record<ProposalSort, string> = {
  recent: 'last_visit_at DESC NULLS LAST, name_order COLLATE "C", key COLLATE "C"',
  name: 'name_order COLLATE "C", key COLLATE "C"',
  title: 'title_order COLLATE "C", name_order COLLATE "C", key COLLATE "C"',
};

/**
 * The question for one page. Everything begins at the memberships of the given copies, so its cost goes by how many those are and
 * not by how many proposals there are; searching reads their words, sorting reads memberships alone, and only the rows of the
 * page are read whole. Proposals are fetched in subqueries of their own, one by one: as a join PostgreSQL may take to searching the
 * words of everybody's. One row at least: where nothing is on the page its `key` is null, and `total` counts all the same.
 */
export function pageQuery(copyIds: string[], query: ProposalSearch): { sql: string; values: unknown[] } {
  const values: unknown[] = [copyIds];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const words = foldText(query.text).replaceAll('\0', '').split(/\s+/).filter(Boolean);
  const only = query.keys ? `AND m.key = ANY(${value(query.keys)}::text[])` : '';
  const text = words.length > 0 ? '(SELECT p.words FROM copied_proposal p WHERE p.id = m.proposal_id)' : `''`;
  const matches = words.map((word) => `strpos(words, ${value(word)}) > 0`).join(' AND ');
  const first = query.first?.length ? `(key = ANY(${value(query.first)}::text[])) DESC, ` : '';
  const order = first + ORDER[query.sort];
  const sql = `
    WITH mine AS MATERIALIZED (
      SELECT m.copy_id, m.key, m.proposal_id, m.roles, m.name_order, m.title_order, m.last_visit_at, ${text} AS words
      FROM copied_membership m WHERE m.copy_id = ANY($1::bigint[]) ${only}
    ), found AS MATERIALIZED (
      SELECT * FROM mine WHERE ${matches || 'true'}
    ), page AS MATERIALIZED (
      SELECT *, row_number() OVER (ORDER BY ${order}) AS place FROM found
      ORDER BY place OFFSET ${value(query.offset)} LIMIT ${value(query.limit)}
    )
    SELECT (SELECT count(*)::int FROM found) AS total, page.copy_id AS "copyId", page.key, page.roles,
      p.facility, p.name, p.title, p.abstract, p.visits, p.techniques
    FROM (VALUES (1)) one
    LEFT JOIN page ON true
    LEFT JOIN LATERAL (SELECT * FROM copied_proposal WHERE id = page.proposal_id OFFSET 0) p ON true
    ORDER BY page.place`;
  return { sql, values };
}
