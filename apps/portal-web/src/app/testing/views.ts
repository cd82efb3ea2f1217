import type {
  InstanceView,
  LimitsView,
  LoginSessionView,
  OwnAuthorisationView,
  PlanOffer,
  PlanView,
  ProposalDetail,
  ProposalView,
  ProposalsPage,
  QuotaView,
  RequestForStaff,
  RequestsPage,
  ResourcesView,
  TemplateView,
} from '@beamdesk/contracts';

/** Answers of the api for specs: complete, ordinary, and changed by what a spec is about. */
export const needs: ResourcesView = { machines: 1, vcpus: 2, memoryMib: 4096, storageMib: 20_480, gpus: 0 };
export const nothing: ResourcesView = { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 };

export const plan: PlanView = {
  id: 'analysis',
  name: 'Analysis desktop',
  description: 'silx and PyMca',
  needs,
  lifetimeMinutes: 480,
  keepsDisk: false,
  idleMinutes: null,
  network: 'none',
  extension: null,
};

export function offer(change: Partial<PlanOffer> = {}): PlanOffer {
  return { plan, for: { techniques: ['diffraction'], beamlines: ['ID11'] }, launch: null, unavailable: null, ...change };
}

export const NO_LIMITS: LimitsView = {
  ...{ machines: null, vcpus: null, memoryMib: null, storageMib: null, gpus: null },
  ...{ vcpuMinutes: null, gpuMinutes: null },
};

export function quota(usage: Partial<ResourcesView> = {}): QuotaView {
  const limits = { machines: 3, vcpus: 8, memoryMib: 16_384, storageMib: 102_400, gpus: 0 };
  const used = { ...nothing, ...usage };
  const available = {
    machines: limits.machines - used.machines,
    vcpus: limits.vcpus - used.vcpus,
    memoryMib: limits.memoryMib - used.memoryMib,
    storageMib: limits.storageMib - used.storageMib,
    gpus: limits.gpus - used.gpus,
  };
  const unlimited = { ...NO_LIMITS };
  const shared = { proposal: unlimited, beamline: unlimited };
  return { limits, usage: used, available, defaults: limits, subjects: [], shared, periodDays: 30 };
}

export function instance(change: Partial<InstanceView> = {}): InstanceView {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    proposalKey: 'k1',
    proposalName: '20260301',
    proposalTitle: 'Strain in titanium',
    service: 'desktop',
    plan,
    state: 'READY',
    wanted: 'RUNNING',
    step: null,
    stateSince: '2026-11-21T10:00:00.000Z',
    createdAt: '2026-11-21T09:59:00.000Z',
    expiresAt: null,
    lastAccessAt: null,
    unreachable: false,
    observedAt: null,
    failure: null,
    notice: null,
    allocation: needs,
    launch: null,
    role: 'OWNER',
    ...change,
  };
}

export function proposal(change: Partial<ProposalView> = {}): ProposalView {
  const beamline = { id: 'id11', name: 'ID11', technique: 'Diffraction' };
  return {
    key: 'k1',
    name: '20260301',
    title: 'Strain in titanium',
    abstract: 'First paragraph.\n\nSecond paragraph.',
    beamlines: [beamline],
    beamlineId: beamline.id,
    visits: [{ id: 'v1', beamline, start: '2026-03-01T08:00:00.000Z', end: '2026-03-03T08:00:00.000Z' }],
    myRoles: ['Principal investigator'],
    favourite: false,
    desktop: null,
    plan,
    launch: null,
    offers: [offer()],
    ...change,
  };
}

export function proposalDetail(change: Partial<ProposalDetail> = {}): ProposalDetail {
  return {
    ...proposal(),
    team: [{ name: 'Bo Lindqvist', affiliation: 'Lund University', roles: ['Team member'] }],
    datasets: [
      {
        id: 'd1',
        name: 'CeO2 calibration',
        createdAt: '2026-03-02T08:00:00.000Z',
        sizeBytes: 8_912_334,
        fileCount: 12,
        sample: 'CeO2',
        technique: 'Powder diffraction',
        availability: 'online',
      },
    ],
    moreDatasets: false,
    quota: quota(),
    ...change,
  };
}

export function page(items: ProposalView[], change: Partial<ProposalsPage> = {}): ProposalsPage {
  const observedAt = '2026-03-02T08:15:00.000Z';
  return { items, total: items.length, offset: 0, limit: 20, quota: quota(), observedAt, ...change };
}

export function session(change: Partial<LoginSessionView> = {}): LoginSessionView {
  return {
    user: { id: '22222222-2222-4222-8222-222222222222', name: 'Ada Okafor', email: 'ada@example.org', roles: ['USER'] },
    authorised: true,
    conditions: { version: '1', accepted: true },
    csrfToken: 'token-1',
    providers: [{ id: 'umbrella', label: 'UmbrellaID (demo)', kind: 'redirect' }],
    demo: true,
    facility: { name: 'Demo Light Source', contact: 'office@example.org' },
    expiresAt: null,
    ...change,
  };
}

export const signedOutSession = session({ user: null, authorised: false });

export function template(change: Partial<TemplateView> = {}): TemplateView {
  return {
    hostId: 'vm-host-1',
    key: 'a1b2c3',
    imageId: 'desktop',
    imageName: 'Analysis desktop',
    plans: ['Analysis desktop'],
    flavour: { vcpus: 2, memoryMib: 2048, diskMib: 10_240 },
    protocol: 'vnc',
    state: 'ready',
    stateSince: '2026-11-21T10:00:00.000Z',
    wanted: true,
    step: null,
    progress: null,
    failures: 0,
    failure: null,
    buildSeconds: 13.4,
    sizeMib: 277,
    machines: 2,
    observedAt: '2026-11-21T10:05:00.000Z',
    ...change,
  };
}

/** Of somebody who is let into nothing and has asked for nothing. */
export function ownAuthorisation(request: Partial<OwnAuthorisationView['request']> | null = null): OwnAuthorisationView {
  const asked = {
    id: '33333333-3333-4333-8333-333333333333',
    state: 'open' as const,
    askedAt: '2026-11-21T10:00:00.000Z',
    affiliation: 'Lund University',
    reason: 'I am to measure with Ada in March.',
    proposal: '20260301',
    beamline: 'id11',
    decidedAt: null,
    answer: null,
  };
  return {
    authorisations: [],
    request: request && { ...asked, ...request },
    ended: null,
    beamlines: [
      { id: 'id11', name: 'ID11' },
      { id: 'bm18', name: 'BM18' },
    ],
  };
}

/** As staff see it. */
export function requestForStaff(change: Partial<RequestForStaff> = {}): RequestForStaff {
  return {
    id: '44444444-4444-4444-8444-444444444444',
    state: 'open',
    askedAt: '2026-11-21T10:00:00.000Z',
    affiliation: 'Lund University',
    reason: 'I am to measure with Ada in March.',
    proposal: '20260301',
    beamline: 'id11',
    decidedAt: null,
    answer: null,
    person: { id: '55555555-5555-4555-8555-555555555555', name: 'Eve Novak', email: 'eve@example.org' },
    logins: [{ issuer: 'https://umbrella.example', subject: 'eve-1' }],
    decidedBy: null,
    ...change,
  };
}

export function requestsPage(items: RequestForStaff[], change: Partial<RequestsPage> = {}): RequestsPage {
  return { items, total: items.length, roles: ['USER'], beamlines: [{ id: 'id11', name: 'ID11' }], ...change };
}
