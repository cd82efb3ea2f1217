import type { RowContext, RouteRequest, RowSource } from '../row';

const named = ({ house }: RowContext): RouteRequest => ({ params: { id: house.things.desktop } });

/** Files of a desktop: for its members who control it. */
export const FILES: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/instances/{id}/files',
    request: (context) => ({ ...named(context), query: '?path=/scratch' }),
    answers: 'out    unk    con    404    404    200    200    no     no     404    404    404    404',
    changes: false,
  },
  {
    route: 'GET /api/instances/{id}/files/content',
    request: (context) => ({ ...named(context), query: '?path=/scratch/note.txt' }),
    answers: 'out    unk    con    404    404    200    200    no     no     404    404    404    404',
    changes: false,
  },
  {
    route: 'PUT /api/instances/{id}/files/content',
    request: (context) => ({
      ...named(context),
      query: '?path=/scratch/sent.txt',
      body: 'sent by a test',
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
    answers: 'out    unk    con    404    404    201    201    no     no     404    404    404    404',
    changes: true,
  },
  {
    route: 'POST /api/instances/{id}/files/folders',
    request: (context) => ({ ...named(context), body: { path: '/scratch/made' } }),
    answers: 'out    unk    con    404    404    201    201    no     no     404    404    404    404',
    changes: true,
  },
];
