import type { RowContext, RouteRequest, RowSource } from '../row';

/** Of the colleague, whom `staff` see for the beamline they asked about; with an override in force. */
const theirs = ({ house }: RowContext): Record<string, string> => ({ kind: 'user', id: house.things.colleague });
const ORDER = { amounts: { machines: 5 }, reason: 'Measures with the team in March.' };

const override = (context: RowContext): RouteRequest => ({
  params: { ...theirs(context), override: context.house.things.override },
});

/** Limits of others: for those who decide, staff of whom and what their beamlines have to do with. */
export const QUOTAS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/quotas',
    request: () => ({ query: '?kind=user&limit=100' }),
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: false,
    shows: [{ what: ({ things }) => things.colleague, to: '- - - - - - - - - y n - y' }],
  },
  {
    route: 'GET /api/quotas/{kind}/{id}',
    request: (context) => ({ params: theirs(context) }),
    answers: 'out    unk    con    no     no     no     no     no     no     200    404    no     200',
    changes: false,
  },
  {
    route: 'POST /api/quotas/{kind}/{id}/overrides',
    request: (context) => ({ params: theirs(context), body: ORDER }),
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
  {
    route: 'DELETE /api/quotas/{kind}/{id}/overrides/{override}',
    request: override,
    answers: 'out    unk    con    no     no     no     no     no     no     204    404    no     204',
    changes: true,
  },
];
