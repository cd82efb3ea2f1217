import type { RowSource } from '../row';

const HOST = { params: { id: 'local' } };
const TIME = { query: '?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z' };

/** The whole site, for the staff; staff see desktops of their beamlines alone. */
export const MONITOR: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/monitor/hosts',
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
  },
  {
    route: 'POST /api/monitor/hosts/{id}/drain',
    request: () => HOST,
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     204',
    changes: true,
  },
  {
    // Of a host that takes launches there is nothing to be taken back.
    route: 'POST /api/monitor/hosts/{id}/undrain',
    request: () => HOST,
    answers: 'out    unk    con    no     no     no     no     no     no     no     no     no     204',
    changes: false,
  },
  {
    route: 'GET /api/monitor/desktops',
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
    shows: [{ what: ({ things }) => things.desktop, to: '- - - - - - - - y y n y y' }],
  },
  {
    route: 'GET /api/monitor/desktops.csv',
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
    shows: [{ what: ({ things }) => things.desktop, to: '- - - - - - - - y y n y y' }],
  },
  {
    // Each desktop is decided for itself: one of another beamline is answered as not there, and stays as it is.
    route: 'POST /api/monitor/desktops/actions',
    request: ({ house }) => ({ body: { action: 'stop', ids: [house.things.desktop], reason: 'The host goes down.' } }),
    answers: 'out    unk    con    no     no     no     no     no     no     200    200    no     200',
    changes: 'n      n      n      n      n      n      n      n      n      y      n      n      y',
    shows: [{ what: () => 'NOT_FOUND', to: '- - - - - - - - - n y - n' }],
  },
  {
    route: 'GET /api/monitor/sessions',
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/monitor/usage',
    request: () => TIME,
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/monitor/usage.csv',
    request: () => TIME,
    answers: 'out    unk    con    no     no     no     no     no     200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/messages',
    answers: 'out    unk    con    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [{ what: ({ things }) => things.message, to: '- - - n n y n n n n n n n' }],
  },
  {
    route: 'POST /api/messages/{id}/dismiss',
    request: ({ house }) => ({ params: { id: house.things.message } }),
    answers: 'out    unk    con    404    404    204    404    404    404    404    404    404    404',
    changes: true,
  },
];
