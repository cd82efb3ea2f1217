import type {
  HeldRole,
  InvitationOffer,
  InvitationsPage,
  InvitationView,
  PeoplePage,
  PersonForStaff,
} from '@beamdesk/contracts';

/** Answers of the api about people and invitations, for specs: complete, ordinary, changed by what a spec is about. */
export function heldRole(change: Partial<HeldRole> = {}): HeldRole {
  return {
    id: '66666666-6666-4666-8666-666666666666',
    role: 'USER',
    source: 'decision',
    by: 'Dana Moreau',
    reason: 'Measures with us.',
    since: '2026-03-01T10:00:00.000Z',
    until: '2027-03-01T22:59:59.000Z',
    beamlines: null,
    state: 'current',
    endReason: null,
    endedBy: null,
    mayChange: true,
    mayEnd: true,
    ...change,
  };
}

export function personForStaff(roles: HeldRole[] = [heldRole()], change: Partial<PersonForStaff> = {}): PersonForStaff {
  return {
    id: '55555555-5555-4555-8555-555555555555',
    name: 'Eve Novak',
    email: 'eve@example.org',
    logins: [{ issuer: 'https://umbrella.example', subject: 'eve-1' }],
    lastSignInAt: '2026-11-20T09:00:00.000Z',
    roles,
    mayGrant: true,
    ...change,
  };
}

const beamlines = [{ id: 'id11', name: 'ID11' }];

export function peoplePage(items: PersonForStaff[], change: Partial<PeoplePage> = {}): PeoplePage {
  return { items, total: items.length, roles: ['USER'], beamlines, ...change };
}

export function invitationView(change: Partial<InvitationView> = {}): InvitationView {
  return {
    id: '77777777-7777-4777-8777-777777777777',
    state: 'open',
    name: 'Eve Novak',
    email: 'eve@example.org',
    role: 'USER',
    beamlines: null,
    until: null,
    redeemBy: '2026-12-05T22:59:59.000Z',
    reason: 'Measures with us in March.',
    madeAt: '2026-11-21T10:00:00.000Z',
    madeBy: 'Dana Moreau',
    endedAt: null,
    endedBy: null,
    ...change,
  };
}

export function invitationsPage(items: InvitationView[], change: Partial<InvitationsPage> = {}): InvitationsPage {
  return { items, total: items.length, roles: ['USER'], beamlines, mail: false, ...change };
}

export function offer(change: Partial<InvitationOffer> = {}): InvitationOffer {
  return {
    name: 'Eve Novak',
    role: 'USER',
    beamlines: null,
    until: null,
    redeemBy: '2026-12-05T22:59:59.000Z',
    reason: 'Measures with us in March.',
    madeBy: 'Dana Moreau',
    ...change,
  };
}
