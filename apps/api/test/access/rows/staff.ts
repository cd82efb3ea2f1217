import type { RowSource } from '../row';

const DECISION = { decision: 'grant', role: 'USER', until: null, beamlines: null, text: null };

/** What staff, support and administrators do; staff for their beamlines alone. */
export const STAFF: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/authorisation-requests',
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: false,
    shows: [{ what: ({ things }) => things.request, to: '- - - - - - - - - y n - y' }],
  },
  {
    route: 'POST /api/authorisation-requests/{id}/decision',
    request: ({ house }) => ({ params: { id: house.things.request }, body: DECISION }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
  {
    route: 'GET /api/audit',
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     200',
    changes: false,
  },
  {
    route: 'GET /api/audit/export',
    request: () => ({ query: '?format=jsonl' }),
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     200',
    changes: false,
  },
  {
    route: 'GET /api/templates',
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
  },
  {
    route: 'POST /api/templates/{hostId}/{key}/rebuild',
    request: ({ house }) => ({ params: { hostId: 'local', key: house.things.template } }),
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     202',
    changes: true,
  },
];
