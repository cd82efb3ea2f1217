import type { InvitationOffer, InvitationsPage, InvitationWish, MadeInvitation } from '@beamdesk/contracts';
import type { Answer, TestBrowser } from '../../../test/app/browser';

const DAY_MS = 86_400_000;
export const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

export const invitation = (change: Partial<InvitationWish> = {}): Omit<InvitationWish, 'byMail'> => ({
  name: 'Eve Novak',
  email: 'eve@example.org',
  role: 'USER',
  until: null,
  beamlines: null,
  redeemBy: inDays(14),
  reason: 'Measures with us in March.',
  ...change,
});

export const invite = (browser: TestBrowser, change: Partial<InvitationWish> = {}): Promise<Answer> =>
  browser.send('POST', '/api/invitations', invitation(change));

/** @throws Error when it is refused */
export async function made(browser: TestBrowser, change: Partial<InvitationWish> = {}): Promise<{ id: string; code: string }> {
  const answer = await invite(browser, change);
  if (answer.status !== 201) throw new Error(answer.text);
  const { invitation: view, link } = answer.body as MadeInvitation;
  return { id: view.id, code: new URL(link).hash.slice(1) };
}

export const handIn = (browser: TestBrowser, code: string): Promise<Answer> =>
  browser.send('POST', '/api/auth/invitation', { code });

export const offered = async (browser: TestBrowser): Promise<Answer & { body: InvitationOffer }> =>
  (await browser.get('/api/authorisation/invitation')) as Answer & { body: InvitationOffer };

export const accept = (browser: TestBrowser): Promise<Answer> =>
  browser.send('POST', '/api/authorisation/invitation/acceptance', {});

export const invitations = async (browser: TestBrowser, state = 'open'): Promise<InvitationsPage['items']> =>
  ((await browser.get(`/api/invitations?state=${state}&limit=100`)).body as InvitationsPage).items;
