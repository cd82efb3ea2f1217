import type { RowSource } from '../row';

const wish = () => ({
  ...{ kind: 'maintenance', text: 'The tape library is moved.', endsAt: null },
  ...{ shownFrom: '2026-01-01T00:00:00Z', startsAt: '2026-01-01T00:00:00Z' },
});

/** Announcements: administrators make them, everybody reads those that are shown. */
export const ANNOUNCEMENTS: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/announcements/current',
    answers: '200    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    // Nobody sees it yet.
    shows: [{ what: ({ things }) => things.announcement, to: 'n n n n n n n n n n n n n' }],
  },
  {
    route: 'GET /api/announcements',
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     200',
    changes: false,
    shows: [{ what: ({ things }) => things.announcement, to: '- - - - - - - - - - - - y' }],
  },
  {
    route: 'POST /api/announcements',
    request: () => ({ body: wish() }),
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     201',
    changes: true,
  },
  {
    route: 'PUT /api/announcements/{id}',
    request: ({ house }) => ({ params: { id: house.things.announcement }, body: wish() }),
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     200',
    changes: true,
  },
  {
    route: 'DELETE /api/announcements/{id}',
    request: ({ house }) => ({ params: { id: house.things.announcement } }),
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     204',
    changes: true,
  },
];
