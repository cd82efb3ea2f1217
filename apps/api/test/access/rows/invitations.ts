import { hashOfCode } from '../../../src/authorisation/invitations/invitation-code';
import { CODE } from '../furnish';
import type { RowContext, RouteRequest, RowSource } from '../row';

/** Everybody's browser has followed the link that the staff gave out. */
async function linkFollowed({ house }: RowContext): Promise<RouteRequest> {
  await house.desktops.api.dataSource.query(
    `UPDATE login_session SET sess = jsonb_set(sess::jsonb, '{invitation}', to_jsonb($1::text))::json`,
    [hashOfCode(CODE)],
  );
  return {};
}

const wish = () => ({
  ...{ name: 'Grace', email: null, role: 'USER', until: null, beamlines: null, reason: 'Measures in March.' },
  redeemBy: new Date(Date.now() + 86_400_000).toISOString(),
});

/** Invitations: accepting one needs its link and a login, making one a role that may grant what it offers. */
export const INVITATIONS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'POST /api/auth/invitation',
    request: () => ({ body: { code: CODE } }),
    answers: '204    204    204    204    204    204    204    204    204    204    204    204    204',
    changes: true,
  },
  {
    // Not for who made it.
    route: 'GET /api/authorisation/invitation',
    request: linkFollowed,
    answers: 'out 200 200 200 200 200 200 200 200 403:OWN_INVITATION 200 200 200',
    changes: false,
  },
  {
    route: 'POST /api/authorisation/invitation/acceptance',
    request: linkFollowed,
    answers: 'out 200 200 200 200 200 200 200 200 403:OWN_INVITATION 200 200 200',
    changes: true,
  },
  {
    route: 'DELETE /api/authorisation/invitation',
    request: linkFollowed,
    answers: 'out    204    204    204    204    204    204    204    204    204    204    204    204',
    changes: true,
  },
  {
    route: 'GET /api/invitations',
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: false,
    shows: [{ what: ({ things }) => things.invitation, to: '- - - - - - - - - y n - y' }],
  },
  {
    route: 'POST /api/invitations',
    request: () => ({ body: wish() }),
    answers: 'out    unk    con    no     no     no     no     no     no     201    201    no     201',
    changes: true,
  },
  {
    route: 'DELETE /api/invitations/{id}',
    request: ({ house }) => ({ params: { id: house.things.invitation } }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
];
