import type { RowSource } from '../row';

const WISH = { affiliation: 'Oslo', reason: 'I am to measure in June.', proposal: null, beamline: 'id11-diff' };

/** One's own authorisation, which nobody needs an authorisation for. */
export const AUTHORISATION: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/authorisation',
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    // Somebody else's request for the same beamline.
    shows: [{ what: ({ things }) => things.request, to: '- n n n n n n n n n n n n' }],
  },
  {
    route: 'POST /api/authorisation/check',
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    // Whom the catalogue knows stays known for longer, except where the staff took that back.
    changes: 'n      n      y      y      y      y      y      y      n      n      n      n      n',
  },
  {
    route: 'PUT /api/authorisation/request',
    request: () => ({ body: WISH }),
    answers:
      'out 200 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED ' +
      '409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED ' +
      '409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED 409:ALREADY_AUTHORISED',
    changes: true,
  },
  {
    route: 'DELETE /api/authorisation/request',
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: true,
  },
];
