import type { DataSource } from 'typeorm';

/** Whom to show. */
export type Sought = { person: string } | { search: string } | { issuer: string; subject: string };

interface Row {
  id: string;
  name: string;
  email: string | null;
  ways: { issuer: string; subject: string; provider: string | null; by: string; since: string; used: string | null }[];
  catalogues: { catalogue: string; name: string; groups: string[]; by: string }[];
}

const MOST = 20;

/** Prints people with their logins and catalogue accounts. @returns whether there was anybody */
export async function showPeople(
  dataSource: DataSource,
  sought: Sought,
  print: (line: string) => void,
): Promise<boolean> {
  const { person = null, search = null, issuer = null, subject = null } = { ...NOBODY, ...sought };
  const rows = await dataSource.query<Row[]>(
    `SELECT u.id, u.name, u.email,
       COALESCE((SELECT json_agg(json_build_object('issuer', i.issuer, 'subject', i.subject, 'provider', i.provider, 'by', i.linked_by,
         'since', i.linked_at, 'used', i.last_used_at) ORDER BY i.linked_at, i.id) FROM identity i WHERE i.user_id = u.id), '[]') AS ways,
       COALESCE((SELECT json_agg(json_build_object('catalogue', c.catalogue, 'name', c.name, 'groups', c.groups, 'by', c.linked_by)
         ORDER BY c.catalogue) FROM catalogue_account c WHERE c.user_id = u.id), '[]') AS catalogues
     FROM user_account u
     WHERE ($1::uuid IS NULL OR u.id = $1)
       AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', u.name, u.email)), lower($2)) > 0)
       AND ($3::text IS NULL OR EXISTS(SELECT FROM identity i WHERE i.user_id = u.id AND i.issuer = $3 AND i.subject = $4))
     ORDER BY lower(u.name), u.id LIMIT $5`,
    [person, search, issuer, subject, MOST + 1],
  );
  for (const row of rows.slice(0, MOST)) printPerson(row, print);
  if (rows.length === 0) print('there is nobody like that');
  if (rows.length > MOST) print(`more than ${MOST}: search for more of the name`);
  return rows.length > 0;
}

const NOBODY: { person?: string; search?: string; issuer?: string; subject?: string } = {};

function printPerson({ id, name, email, ways, catalogues }: Row, print: (line: string) => void): void {
  print(`${id}  ${name}${email ? `, ${email}` : ''}`);
  for (const { issuer, subject, provider, by, since, used } of ways) {
    const last = used === null ? 'never used' : `last used ${day(used)}`;
    print(`  way        ${provider ?? issuer}  ${subject}  since ${day(since)} by ${by}, ${last}`);
  }
  if (ways.length === 0) print('  way        none: nobody can sign in as this person');
  for (const { catalogue, name: there, groups, by } of catalogues) {
    print(`  catalogue  ${catalogue}  ${there}${groups.length > 0 ? `, groups ${groups.join(', ')}` : ''}  by ${by}`);
  }
}

const day = (at: string) => new Date(at).toISOString().slice(0, 10);
