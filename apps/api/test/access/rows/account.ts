import { PASSWORD } from '../furnish';
import type { RowContext, RowSource } from '../row';
import { SECOND } from '../second-provider';

const NOTHING = '00000000-0000-4000-8000-000000000000';

/** Ways to sign in change only soon after a sign-in: everybody's is of now. */
async function justSignedIn({ house }: RowContext): Promise<void> {
  await house.desktops.api.dataSource.query(
    `UPDATE login_session SET sess = jsonb_set(sess::jsonb, '{provenAt}', to_jsonb($1::bigint))::json WHERE user_id IS NOT NULL`,
    [Date.now()],
  );
}

/** A local account that nobody else tries in the same minute. */
async function anotherAccount({ house }: RowContext): Promise<string> {
  await house.desktops.api.dataSource.query(
    `INSERT INTO local_account (name, display_name, password_hash) SELECT 'another', 'Another', password_hash FROM local_account
     WHERE name = $1 ON CONFLICT DO NOTHING`,
    [house.things.account],
  );
  return 'another';
}

/** The way to sign in that the caller has beside the one they came by. */
async function secondWay({ house, caller }: RowContext): Promise<string> {
  const [row] = await house.desktops.api.dataSource.query<{ id: string }[]>(
    'SELECT id FROM identity WHERE user_id::text = $1 AND last_used_at IS NULL',
    [house.people[caller].userId],
  );
  return row?.id ?? NOTHING;
}

/** One's own ways to sign in, which nobody needs an authorisation for. */
export const ACCOUNT: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/account',
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [
      { what: () => '"subject":"owner"', to: '- n n n n y n n n n n n n' },
      { what: () => '"subject":"admin"', to: '- n n n n n n n n n n n y' },
    ],
  },
  {
    route: 'POST /api/account/ways',
    request: async (context) => {
      await justSignedIn(context);
      return { body: { provider: SECOND } };
    },
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'POST /api/account/ways/password',
    request: async (context) => {
      await justSignedIn(context);
      return { body: { name: await anotherAccount(context), password: PASSWORD } };
    },
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: true,
  },
  {
    route: 'POST /api/account/ways/removal',
    request: async (context) => {
      await justSignedIn(context);
      return { body: { id: await secondWay(context) } };
    },
    // A role was taken back from `unauthorised`.
    answers: 'out    409:WAY_KEPT 200 200   200    200    200    200    200    200    200    200    200',
    changes: true,
  },
];
