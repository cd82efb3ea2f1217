import { foldText, type ProposalSearch, type ProposalSort } from '@beamdesk/catalogue';

/** Bytes decide, so that the order is the same whatever locale the database has. */
const ORDER: Record<ProposalSort, string> = {
  recent: 'last_visit_at DESC NULLS LAST, name_order COLLATE "C", key COLLATE "C"',
  name: 'name_order COLLATE "C", key COLLATE "C"',
  title: 'title_order COLLATE "C", name_order COLLATE "C", key COLLATE "C"',
};

const COLUMNS = 'm.copy_id, m.key, m.proposal_id, m.roles, m.name_order, m.title_order, m.last_visit_at';

/**
 * The question for one page. Everything begins at the memberships of the given copies, so its cost goes by how many those are and
 * not by how many proposals there are; searching reads their words, sorting reads memberships alone, and only the rows of the
 * page are read whole. One row at least: where nothing is on the page its `key` is null, and `total` counts all the same.
 */
export function pageQuery(copyIds: string[], query: ProposalSearch): { sql: string; values: unknown[] } {
  const values: unknown[] = [copyIds];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const words = foldText(query.text).replaceAll('\0', '').split(/\s+/).filter(Boolean);
  const where = ['m.copy_id = ANY($1::bigint[])'];
  if (query.keys) where.push(`m.key = ANY(${value(query.keys)}::text[])`);
  where.push(...words.map((word) => `strpos(w.words, ${value(word)}) > 0`));
  const searched = words.length > 0 ? 'JOIN copied_proposal w ON w.id = m.proposal_id' : '';
  const first = query.first?.length ? `(key = ANY(${value(query.first)}::text[])) DESC, ` : '';
  const order = first + ORDER[query.sort];
  const sql = `
    WITH found AS MATERIALIZED (
      SELECT ${COLUMNS} FROM copied_membership m ${searched} WHERE ${where.join(' AND ')}
    ), page AS (
      SELECT *, row_number() OVER (ORDER BY ${order}) AS place FROM found
      ORDER BY place OFFSET ${value(query.offset)} LIMIT ${value(query.limit)}
    )
    SELECT (SELECT count(*)::int FROM found) AS total, page.copy_id AS "copyId", page.key, page.roles,
      p.facility, p.name, p.title, p.abstract, p.visits
    FROM (VALUES (1)) one LEFT JOIN page ON true LEFT JOIN copied_proposal p ON p.id = page.proposal_id
    ORDER BY page.place`;
  return { sql, values };
}
