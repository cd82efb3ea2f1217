import type { RowContext, RouteRequest, RowSource } from '../row';

const named = ({ house }: RowContext): RouteRequest => ({ params: { key: house.things.proposal } });

/** Proposals and what hangs on them: for their team, whatever role anybody else has. */
export const PROPOSALS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/proposals',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [
      { what: ({ things }) => things.proposal, to: '- - - n y y y y n n n n n' },
      // The page carries one's own desktops, never those one was let into.
      { what: ({ things }) => things.desktop, to: '- - - n n y n n n n n n n' },
    ],
  },
  {
    route: 'GET /api/proposals/{key}',
    request: named,
    answers: 'out    unk    con    404    200    200    200    200    404    404    404    404    404',
    changes: false,
    shows: [{ what: ({ things }) => things.desktop, to: '- - - - n y n n - - - - -' }],
  },
  {
    route: 'PUT /api/proposals/{key}/favourite',
    request: ({ house }) => ({ params: { key: house.things.unopened } }),
    answers: 'out    unk    con    404    204    204    204    204    404    404    404    404    404',
    changes: true,
  },
  {
    route: 'DELETE /api/proposals/{key}/favourite',
    request: named,
    answers: 'out    unk    con    404    204    204    204    204    404    404    404    404    404',
    changes: true,
  },
  {
    route: 'POST /api/proposals/{key}/restores',
    request: (context) => ({ ...named(context), body: { datasets: ['plate'] } }),
    answers: 'out    unk    con    404    202    202    202    202    404    404    404    404    404',
    changes: true,
  },
  {
    // Each sees what they asked for.
    route: 'GET /api/proposals/{key}/restores/{id}',
    request: ({ house: { things } }) => ({ params: { key: things.proposal, id: things.restore } }),
    answers: 'out    unk    con    404    404    200    404    404    404    404    404    404    404',
    changes: false,
  },
  {
    // A desktop of one's own.
    route: 'PUT /api/proposals/{key}/services/desktop',
    request: ({ house }) => ({ params: { key: house.things.unopened }, body: {} }),
    answers: 'out    unk    con    404    200    200    200    200    404    404    404    404    404',
    changes: true,
  },
];
