import type { RowContext, RouteRequest, RowSource } from '../row';

const named = ({ house }: RowContext): RouteRequest => ({ params: { id: house.things.desktop } });

/** What people do about a desktop that stops for want of use. */
export const OPERATIONS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'POST /api/instances/{id}/keep-running',
    request: named,
    answers: 'out    unk    con    404    404    200    200    no     no     404    404    404    404',
    changes: true,
  },
];
