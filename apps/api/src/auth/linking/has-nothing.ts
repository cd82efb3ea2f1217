import type { EntityManager } from 'typeorm';

interface Reference {
  table: string;
  column: string;
}

/** What the portal writes by itself when somebody signs in: looked at more closely below, or of no weight. */
const BY_ITSELF = ['identity', 'catalogue_account', 'authorisation', 'conditions_acceptance'];

/**
 * Whether a person has nothing but this one login and what came with it: no desktop, request, role or limit, and nothing that
 * anybody decided about them. Every table that points to people counts, those to come as well, so that nothing is overlooked.
 * A role that was taken back is something: who has one does not get rid of it as part of somebody else.
 */
export async function hasNothing(manager: EntityManager, userId: string, identityId: string): Promise<boolean> {
  const references = await manager.query<Reference[]>(
    `SELECT c.conrelid::regclass::text AS "table", quote_ident(a.attname) AS "column"
     FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.confrelid = 'user_account'::regclass`,
  );
  const others = references.filter(({ table }) => !BY_ITSELF.includes(table));
  const rows = await manager.query<unknown[]>(
    [
      'SELECT 1 FROM identity WHERE user_id = $1 AND id <> $2',
      'SELECT 1 FROM catalogue_account WHERE user_id = $1 AND identity_id IS DISTINCT FROM $2',
      `SELECT 1 FROM authorisation WHERE user_id = $1 AND (source <> 'catalogue' OR taken_back_by IS NOT NULL)`,
      ...others.map(({ table, column }) => `SELECT 1 FROM ${table} WHERE ${column} = $1`),
    ].join(' UNION ALL ') + ' LIMIT 1',
    [userId, identityId],
  );
  return rows.length === 0;
}
