import type { AuditPage, AuthorisationWish, OwnAuthorisationView, RequestsPage } from '@beamdesk/contracts';
import { TestBrowser } from '../../../test/app/browser';
import { TestApp } from '../../../test/app/test-app';

export const WISH: AuthorisationWish = {
  affiliation: 'Lund University',
  reason: 'I am to measure with Ada in March.',
  proposal: '20260301',
  beamline: 'id11-diff',
};

/** Somebody with a login and nothing else. */
export async function visitor(portal: TestApp, sub: string): Promise<{ browser: TestBrowser; userId: string }> {
  const { identity, userId } = await portal.person(sub, []);
  const browser = portal.browser();
  await browser.signIn(identity);
  return { browser, userId };
}

/** Somebody who asks; the id of the request. */
export async function asker(
  portal: TestApp,
  sub: string,
  change: Partial<AuthorisationWish> = {},
): Promise<{ browser: TestBrowser; userId: string; request: string }> {
  const { browser, userId } = await visitor(portal, sub);
  const { body } = await browser.send('PUT', '/api/authorisation/request', { ...WISH, ...change });
  return { browser, userId, request: (body as OwnAuthorisationView).request?.id ?? '' };
}

export async function standing(browser: TestBrowser): Promise<OwnAuthorisationView> {
  return (await browser.get('/api/authorisation')).body as OwnAuthorisationView;
}

export async function listed(browser: TestBrowser, query = ''): Promise<RequestsPage> {
  return (await browser.get(`/api/authorisation-requests${query}`)).body as RequestsPage;
}

/** Staff of these beamlines alone. */
export async function staffOf(
  portal: TestApp,
  sub: string,
  beamlines: string[],
): Promise<{ browser: TestBrowser; userId: string }> {
  const staff = await portal.signedIn(sub, ['STAFF']);
  await portal.dataSource.query(`UPDATE authorisation SET beamlines = $2 WHERE user_id = $1 AND role = 'STAFF'`, [
    staff.userId,
    beamlines,
  ]);
  return staff;
}

/** Kinds of what the audit says about somebody, oldest first, sign-ins left out. */
export async function audited(admin: TestBrowser, userId: string): Promise<AuditPage['items']> {
  const { items } = (await admin.get(`/api/audit?person=${userId}&limit=200`)).body as AuditPage;
  return items.filter(({ kind, subject }) => kind !== 'sign-in' && subject?.id === userId).reverse();
}

/** A decision that lets somebody in as USER for good. */
export const grant = (change: object = {}) => ({
  decision: 'grant',
  role: 'USER',
  until: null,
  beamlines: null,
  text: null,
  ...change,
});

export const decide = (browser: TestBrowser, id: string, decision: object) =>
  browser.send('POST', `/api/authorisation-requests/${id}/decision`, decision);
