import type { RowContext, RouteRequest, RowSource } from '../row';

const TERMS = { until: null, beamlines: null, reason: 'Measures with the team in March.' };
const theirRole = ({ house }: RowContext): RouteRequest => ({ params: { id: house.things.authorisation } });

/** Other people and their roles: for those who decide, staff of whom their beamlines have to do with. */
export const PEOPLE: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/people',
    request: () => ({ query: '?limit=100' }),
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: false,
    shows: [{ what: ({ things }) => things.colleague, to: '- - - - - - - - - y n - y' }],
  },
  {
    route: 'GET /api/people/{id}/history',
    request: ({ house }) => ({ params: { id: house.things.colleague } }),
    answers: 'out    unk    con    no     no     no     no     no     no     200    404    no     200',
    changes: false,
  },
  {
    route: 'POST /api/people/{id}/roles',
    request: ({ house }) => ({ params: { id: house.things.newcomer }, body: { role: 'USER', ...TERMS } }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
  {
    route: 'PUT /api/authorisations/{id}',
    request: (context) => ({ ...theirRole(context), body: { ...TERMS, until: '2090-01-01T00:00:00Z' } }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
  {
    route: 'POST /api/authorisations/{id}/end',
    request: (context) => ({ ...theirRole(context), body: { reason: 'The beamtime is over.' } }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
];
