import type { RowContext, RowSource } from '../row';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

async function expiry({ house }: RowContext): Promise<string> {
  const [row] = await house.desktops.api.dataSource.query<{ at: Date }[]>(
    'SELECT expires_at AS at FROM instance WHERE id = $1',
    [house.things.desktop],
  );
  return row?.at.toISOString() ?? '';
}

/** Asking for more quota or a longer life: everybody for themselves; decided by the staff of the beamline. */
export const QUOTA_REQUESTS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/quota-requests',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [
      { what: ({ things }) => things.lifeRequest, to: '- - - n n y n n n n n n n' },
      { what: ({ things }) => things.quotaRequest, to: '- - - n n n n n n n n n n' },
    ],
  },
  {
    route: 'POST /api/quota-requests',
    request: () => ({
      body: { kind: 'QUOTA', proposal: null, amounts: { vcpus: 8 }, until: inHours(24), reason: 'A large sample.' },
    }),
    answers: 'out    unk    con    201    201    201    201    201    201    201    201    201    201',
    changes: true,
  },
  {
    route: 'POST /api/quota-requests/{id}/withdrawal',
    request: ({ house }) => ({ params: { id: house.things.lifeRequest } }),
    answers: 'out    unk    con    404    404    200    404    404    404    404    404    404    404',
    changes: true,
  },
  {
    route: 'GET /api/quota-requests/for-staff',
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: false,
    shows: [
      { what: ({ things }) => things.quotaRequest, to: '- - - - - - - - - y n - y' },
      { what: ({ things }) => things.lifeRequest, to: '- - - - - - - - - y n - y' },
    ],
  },
  {
    route: 'POST /api/quota-requests/{id}/decision',
    request: ({ house }) => ({
      params: { id: house.things.quotaRequest },
      body: { decision: 'grant', amounts: null, until: inHours(1), text: null },
    }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
  {
    route: 'POST /api/instances/{id}/extend',
    request: async (context) => ({
      params: { id: context.house.things.desktop },
      body: { from: await expiry(context) },
    }),
    answers: 'out    unk    con    404    404    200    no     no     no     404    404    404    404',
    changes: true,
  },
];
