import type { ImagesView, InstanceView, ProposalView } from '@beamdesk/contracts';
import { PortalClient } from '../harness/portal-client.ts';

/** A page of the portal, as a person of the demo sees it. */
export interface PortalPage {
  /** As its route has it; `apps/portal-web` has a spec by which every route is here. */
  address: string;
  /** A name for files. */
  name: string;
  /** Who looks at it; null: somebody who is not signed in. */
  as: 'ada' | 'eve' | 'farid' | null;
  /** The keyboard belongs to the desktop there, its toolbar apart. */
  desktop?: true;
}

/** Every page of the portal. */
export const PAGES: readonly PortalPage[] = [
  { address: '/', name: 'welcome', as: null },
  { address: '/sign-in', name: 'sign-in', as: null },
  { address: '/sign-in/password', name: 'sign-in-password', as: null },
  { address: '/invitation', name: 'invitation', as: null },
  { address: '/not-authorised', name: 'not-authorised', as: 'eve' },
  { address: '/conditions', name: 'conditions', as: 'ada' },
  { address: '/account', name: 'account', as: 'ada' },
  { address: '/proposals', name: 'proposals', as: 'ada' },
  { address: '/proposals/:key', name: 'proposal', as: 'ada' },
  { address: '/resources', name: 'resources', as: 'ada' },
  { address: '/quotas', name: 'quotas', as: 'ada' },
  { address: '/desktop/:instanceId', name: 'desktop', as: 'ada', desktop: true },
  { address: '/people', name: 'people', as: 'farid' },
  { address: '/people/requests', name: 'people-requests', as: 'farid' },
  { address: '/people/quota-requests', name: 'people-quota-requests', as: 'farid' },
  { address: '/people/invitations', name: 'people-invitations', as: 'farid' },
  { address: '/templates', name: 'templates', as: 'farid' },
  { address: '/site', name: 'site', as: 'farid' },
  { address: '/site/hosts', name: 'site-hosts', as: 'farid' },
  { address: '/site/usage', name: 'site-usage', as: 'farid' },
  { address: '/site/quotas', name: 'site-quotas', as: 'farid' },
  { address: '/site/quotas/:kind/:id', name: 'site-quota', as: 'farid' },
  { address: '/site/audit', name: 'site-audit', as: 'farid' },
  { address: '/site/announcements', name: 'site-announcements', as: 'farid' },
  { address: '/images', name: 'images', as: 'farid' },
  { address: '/images/new', name: 'images-new', as: 'farid' },
  { address: '/images/plans', name: 'images-plans', as: 'farid' },
  { address: '/images/flavours', name: 'images-flavours', as: 'farid' },
  { address: '/images/gpus', name: 'images-gpus', as: 'farid' },
  { address: '/images/:id', name: 'image', as: 'farid' },
  { address: '/images/:id/new', name: 'image-new-version', as: 'farid' },
  { address: '/software', name: 'software', as: 'ada' },
];

/** What stands in addresses for `:name`. */
export type Places = Record<string, string>;

/** The address as a browser opens it. @throws Error where nothing is known for a part of it */
export function filled(address: string, places: Places): string {
  return address.replace(/:(\w+)/g, (_, name: string) => {
    const value = places[`${address} ${name}`] ?? places[name];
    if (value === undefined) throw new Error(`nothing to put for :${name} of ${address}`);
    return encodeURIComponent(value);
  });
}

/** Something to see on every page: a desktop that runs, an announcement, requests, an invitation, a limit. */
export async function furnish(url: string): Promise<Places> {
  const [ada, eve, farid] = await Promise.all(['ada', 'eve', 'farid'].map((person) => PortalClient.signIn(url, person))) as [
    PortalClient,
    PortalClient,
    PortalClient,
  ];
  const { items } = await ada.get<{ items: ProposalView[] }>('/api/proposals?limit=50&sort=name');
  const key = items[0]?.key ?? '';
  const events = await ada.events();
  const launched = await ada.launch(key);
  if (!launched.ok) throw new Error(launched.body.message);
  const { instance } = await events.reached(launched.body.id, ['READY', 'FAILED'], 180_000);
  events.close();
  const now = new Date().toISOString();
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  await sent(
    farid.send('POST', '/api/announcements', {
      ...{ kind: 'maintenance', text: 'The storage is renewed. Desktops that run go on.', shownFrom: now },
      ...{ startsAt: inDays(2), endsAt: inDays(3) },
    }),
  );
  await sent(
    farid.send('POST', '/api/invitations', {
      ...{ name: 'Grace Mwangi', email: 'grace@example.org', role: 'USER', until: null, beamlines: null },
      ...{ redeemBy: inDays(14), reason: 'Measures with Ada in March.' },
    }),
  );
  await sent(
    eve.send('PUT', '/api/authorisation/request', {
      ...{ affiliation: 'Lund University', reason: 'I am to measure with Ada in March.', proposal: null, beamline: null },
    }),
  );
  await sent(
    ada.send('POST', '/api/quota-requests', {
      ...{ kind: 'QUOTA', proposal: null, amounts: { vcpus: 16 }, until: inDays(20), reason: 'Twelve volumes to reconstruct before the paper.' },
    }),
  );
  const { user } = await ada.session();
  const subject = user?.id ?? '';
  await sent(
    farid.send('POST', `/api/quotas/user/${subject}/overrides`, {
      ...{ amounts: { machines: 6 }, reason: 'Beamtime this week.', startsAt: now, endsAt: inDays(7) },
    }),
  );
  const images = await farid.get<ImagesView>('/api/images');
  const address = '/site/quotas/:kind/:id';
  const quota = { [`${address} kind`]: 'user', [`${address} id`]: subject };
  return { key, instanceId: (instance satisfies InstanceView).id, id: images.items[0]?.id ?? '', ...quota };
}

async function sent(answer: ReturnType<PortalClient['send']>): Promise<void> {
  const said = await answer;
  if (!said.ok) throw new Error(`${said.status} ${said.body.code} ${said.body.message}`);
}
