import { PASSWORD } from '../furnish';
import type { RowSource } from '../row';
import { SECOND } from '../second-provider';

/** For everybody, and about nobody but the one who asks. */
export const SIGN_IN: RowSource[] = [
  //           nobody unauth unacc  strang team   owner  user   guest  supp-m staff  other  supp   admin
  {
    route: 'GET /api/health',
    answers: '200    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/ready',
    answers: '200    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'GET /api/session',
    answers: '200    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
    shows: [
      { what: ({ people }) => people.owner.userId, to: 'n n n n n y n n n n n n n' },
      { what: ({ people }) => people.admin.userId, to: 'n n n n n n n n n n n n y' },
    ],
  },
  {
    route: 'GET /api/auth/sign-in',
    request: () => ({ query: '?provider=umbrella' }),
    answers: '302    302    302    302    302    302    302    302    302    302    302    302    302',
    changes: false,
  },
  {
    route: 'GET /api/auth/callback',
    request: async ({ house, caller, browser }) => ({
      query: new URL(await browser.towardsCallback(house.people[caller].identity)).search,
    }),
    answers: '303    303    303    303    303    303    303    303    303    303    303    303    303',
    changes: true,
  },
  {
    route: 'GET /api/auth/callback/{provider}',
    request: async ({ house, caller, browser }) => {
      const there = house.browser(caller, SECOND);
      const { search } = new URL(await there.towardsCallback(house.people[caller].identity));
      browser.takeCookies(there);
      return { params: { provider: SECOND }, query: search };
    },
    answers: '303    303    303    303    303    303    303    303    303    303    303    303    303',
    changes: true,
  },
  {
    route: 'POST /api/auth/password',
    request: ({ house }) => ({ body: { name: house.things.account, password: PASSWORD } }),
    answers: '204    204    204    204    204    204    204    204    204    204    204    204    204',
    changes: true,
  },
  {
    route: 'POST /api/auth/sign-out',
    answers: '200    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: true,
  },
  {
    route: 'GET /api/catalogue-sessions',
    answers: 'out    200    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'POST /api/catalogue-sessions',
    // With an account there that nobody else has.
    request: ({ caller }) => ({
      body: { catalogue: 'icat', authenticator: 'db', fields: { username: caller, password: PASSWORD } },
    }),
    answers: 'out    204    204    204    204    204    204    204    204    204    204    204    204',
    changes: true,
  },
  {
    route: 'POST /api/catalogue-sessions/end',
    request: () => ({ body: { catalogue: 'icat' } }),
    answers: 'out    204    204    204    204    204    204    204    204    204    204    204    204',
    changes: false,
  },
  {
    route: 'GET /api/conditions',
    answers: 'out    unk    200    200    200    200    200    200    200    200    200    200    200',
    changes: false,
  },
  {
    route: 'POST /api/conditions/acceptance',
    request: () => ({ body: { version: '1' } }),
    answers: 'out    unk    204    204    204    204    204    204    204    204    204    204    204',
    changes: 'n      n      y      n      n      n      n      n      n      n      n      n      n',
  },
];
