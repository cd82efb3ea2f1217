import type { DataSource } from 'typeorm';

/** Of the measured person. */
export const OWN = 1000;
/** Members of each proposal beside the measured person. */
const MEMBERS = 3;
/** Proposals written by one statement. */
const CHUNK = 100_000;

const WORDS = `ARRAY['iron','strain','titanium','rings','micelles','protein','alloy','glass','polymer','battery','catalyst',
  'membrane','fossil','pigment','magnet','water']`;

/** Sizes of text as in real catalogues: a title of some words, an abstract of about 600 characters. */
const PROPOSALS = `
  INSERT INTO copied_proposal (digest, key, facility, name, title, abstract, visits, words)
  SELECT sha256(i::text::bytea), 'demo:Lumina:P-' || i, 'Lumina', 'P-' || i, title, abstract,
    jsonb_build_array(jsonb_build_object('id', '1', 'start', to_char(day, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'end', NULL,
      'beamline', jsonb_build_object('id', 'id11-diff', 'name', 'ID11', 'technique', 'Diffraction'))),
    lower(concat_ws(E'\\n', 'P-' || i, title, abstract, 'id11-diff', 'id11', 'diffraction'))
  FROM generate_series($1::int, $2::int) AS i
  CROSS JOIN LATERAL (SELECT ${WORDS} AS w, hashint4(i) & 65535 AS h) AS chance
  CROSS JOIN LATERAL (SELECT
    concat_ws(' ', 'Study of', w[1 + h % 16], 'and', w[1 + h / 16 % 16], 'under', w[1 + h / 256 % 16]) AS title,
    (SELECT string_agg(md5((i * 32 + k)::text), ' ') FROM generate_series(1, 18) AS k) AS abstract,
    timestamptz '2000-01-01' + h * interval '3 hours' AS day) AS made`;

const MEMBERSHIP_COLUMNS = 'copy_id, key, proposal_id, roles, name_order, title_order, last_visit_at';
const MEMBERSHIP_VALUES = `p.key, p.id, ARRAY['Principal investigator'],
  'p-' || lpad(length(i::text)::text, 4, '0') || i, lower(p.title), (p.visits #>> '{0,start}')::timestamptz`;

/** Everybody else: as many accounts as give each about 1,000 proposals too. */
const OTHERS = `
  INSERT INTO copied_membership (${MEMBERSHIP_COLUMNS})
  SELECT c.id, ${MEMBERSHIP_VALUES}
  FROM copied_proposal p
  CROSS JOIN LATERAL (SELECT substr(p.name, 3)::int AS i) AS number
  CROSS JOIN generate_series(0, ${MEMBERS - 1}) AS m
  JOIN catalogue_copy c ON c.account = 'other' || (hashint4(i) & 2147483647) % $3 + $3 * m
  WHERE i BETWEEN $1 AND $2`;

/** The measured person's lie evenly among all of them: no two beside each other in the table. */
const MINE = `
  INSERT INTO copied_membership (${MEMBERSHIP_COLUMNS})
  SELECT c.id, ${MEMBERSHIP_VALUES}
  FROM generate_series(1, ${OWN}) AS n
  CROSS JOIN LATERAL (SELECT n * $2::int / ${OWN} AS i) AS number
  JOIN copied_proposal p ON p.digest = sha256(i::text::bytea)
  JOIN catalogue_copy c ON c.account = $1`;

/**
 * Fills the copies as a catalogue of `size` proposals and its people would, a thousand of them the account's, and marks twenty
 * of those for the person. The account's own copy has to be there already.
 */
export async function fill(dataSource: DataSource, size: number, account: string, userId: string): Promise<void> {
  const accounts = Math.max(1, Math.round(size / 1000));
  await dataSource.query(
    `INSERT INTO catalogue_copy (digest, catalogue, account, proposals, observed_at)
     SELECT sha256(('other' || n)::bytea), 'demo', 'other' || n, 1000, now() FROM generate_series(0, $1::int - 1) AS n`,
    [accounts * MEMBERS],
  );
  for (let from = 1; from <= size; from += CHUNK) {
    const to = Math.min(size, from + CHUNK - 1);
    await dataSource.query(PROPOSALS, [from, to]);
    await dataSource.query(OTHERS, [from, to, accounts]);
  }
  await dataSource.query(MINE, [account, size]);
  await dataSource.query('UPDATE catalogue_copy SET proposals = $1, observed_at = now() WHERE account = $2', [
    OWN,
    account,
  ]);
  await dataSource.query(
    `INSERT INTO favourite SELECT $1, 'demo:Lumina:P-' || n * 50 * $2::int / ${OWN} FROM generate_series(1, 20) AS n`,
    [userId, size],
  );
  await dataSource.query('VACUUM ANALYZE');
}
