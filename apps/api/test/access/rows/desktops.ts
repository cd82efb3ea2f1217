import type { RowContext, RouteRequest, RowSource } from '../row';

const named = ({ house }: RowContext): RouteRequest => ({ params: { id: house.things.desktop } });

/** One desktop: for its members, by their role in it, whatever role anybody else has. */
export const DESKTOPS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/instances',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [{ what: ({ things }) => things.desktop, to: '- - - n n y y y y n n n n' }],
  },
  {
    route: 'GET /api/instances/{id}',
    request: named,
    answers: 'out    unk    con    404    404    200    200    200    200    404    404    404    404',
    changes: false,
  },
  {
    route: 'POST /api/instances/{id}/stop',
    request: named,
    answers: 'out    unk    con    404    404    200    200    no     no     404    404    404    404',
    changes: true,
  },
  {
    route: 'DELETE /api/instances/{id}',
    request: named,
    answers: 'out    unk    con    404    404    200    no     no     no     404    404    404    404',
    changes: true,
  },
  {
    route: 'POST /api/instances/{id}/tickets',
    request: named,
    answers: 'out    unk    con    404    404    201    201    201    201    404    404    404    404',
    changes: true,
  },
  {
    route: 'PUT /api/instances/{id}/display',
    request: (context) => ({ ...named(context), body: { width: 1504, height: 846 } }),
    answers: 'out    unk    con    404    404    202    202    no     no     404    404    404    404',
    changes: true,
  },
  {
    route: 'GET /api/quota',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/home',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
];
