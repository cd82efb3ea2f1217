import type { InstanceState, WantedState } from '@beamdesk/contracts';
import { toUserMessage } from '../api/user-message';
import { instance, nothing, offer, plan, quota } from '../testing/views';
import { DesktopButtonFacts, desktopButtonState } from './desktop-button-state';

const idle: DesktopButtonFacts = {
  instance: undefined,
  plan,
  offers: [offer()],
  quota: quota(),
  place: undefined,
  maintenance: undefined,
  asking: false,
  problem: undefined,
  problemPlan: undefined,
};
const hostFull = toUserMessage(409, { code: 'HOST_FULL', message: 'No memory left.' });

function kind(change: Partial<DesktopButtonFacts>): string {
  return desktopButtonState({ ...idle, ...change }).kind;
}

describe('desktopButtonState', () => {
  it.each<[InstanceState, WantedState, string]>([
    ['REQUESTED', 'RUNNING', 'starting'],
    ['BUILDING', 'RUNNING', 'starting'],
    ['STARTING', 'RUNNING', 'starting'],
    ['STARTING', 'DELETED', 'stopping'],
    ['READY', 'RUNNING', 'ready'],
    ['READY', 'STOPPED', 'stopping'],
    ['READY', 'DELETED', 'stopping'],
    ['STOPPING', 'STOPPED', 'stopping'],
    ['STOPPED', 'STOPPED', 'stopped'],
    ['STOPPED', 'DELETED', 'stopping'],
    ['FAILED', 'RUNNING', 'failed'],
    ['FAILED', 'DELETED', 'stopping'],
    ['DELETING', 'DELETED', 'stopping'],
    ['DELETED', 'DELETED', 'offer'],
  ])('%s, wanted %s: %s', (state, wanted, expected) => {
    expect(kind({ instance: instance({ state, wanted }) })).toBe(expected);
  });

  it('offers a desktop where there is none', () => expect(kind({})).toBe('offer'));

  it('offers while the quota is not known yet: the server decides', () => {
    expect(kind({ quota: undefined })).toBe('offer');
  });

  it('holds launches back during maintenance, and shows what runs', () => {
    const maintenance = { id: 'a', kind: 'maintenance', text: 'New disks.', startsAt: '2026-11-21T10:00:00.000Z', endsAt: null } as const;
    expect(desktopButtonState({ ...idle, maintenance })).toEqual({ kind: 'maintenance', announcement: maintenance });
    expect(kind({ maintenance, instance: instance() })).toBe('ready');
    expect(kind({ maintenance, plan: null, offers: [] })).toBe('not-offered');
  });

  it('says that nothing is offered, but still shows a desktop that runs', () => {
    expect(kind({ plan: null, offers: [] })).toBe('not-offered');
    expect(kind({ plan: null, instance: instance() })).toBe('ready');
  });

  it('tells every missing resource before the click', () => {
    const state = desktopButtonState({ ...idle, quota: quota({ machines: 3, vcpus: 6, memoryMib: 14_336 }) });
    expect(state).toMatchObject({
      kind: 'quota-full',
      missing: [
        { resource: 'machines', requested: 1, available: 0, missing: 1 },
        { resource: 'memoryMib', requested: 4096, available: 2048, missing: 2048 },
      ],
    });
  });

  it('lets exactly what is available be taken', () => {
    expect(kind({ quota: quota({ machines: 2, vcpus: 6, memoryMib: 12_288, storageMib: 81_920 }) })).toBe('offer');
  });

  it('counts the kept disk of a stopped desktop as its own', () => {
    const kept = instance({ state: 'STOPPED', wanted: 'STOPPED', allocation: { ...nothing, storageMib: 20_480 } });
    const full = quota({ storageMib: 102_400 });
    expect(desktopButtonState({ ...idle, instance: kept, quota: full })).toMatchObject({ kind: 'stopped', missing: [] });
    const busy = quota({ machines: 3, storageMib: 102_400 });
    expect(desktopButtonState({ ...idle, instance: kept, quota: busy })).toMatchObject({
      missing: [{ resource: 'machines', missing: 1 }],
    });
  });

  it('shows the click on its way, also over stopped and failed, but not over what is pushed', () => {
    expect(kind({ asking: true })).toBe('asking');
    expect(kind({ asking: true, instance: instance({ state: 'FAILED' }) })).toBe('asking');
    expect(kind({ asking: true, instance: instance({ state: 'BUILDING' }) })).toBe('starting');
  });

  it('shows a refusal until a desktop is there', () => {
    expect(desktopButtonState({ ...idle, problem: hostFull })).toEqual({ kind: 'refused', problem: hostFull });
    expect(kind({ problem: hostFull, instance: instance() })).toBe('ready');
    expect(kind({ problem: hostFull, instance: instance({ state: 'STOPPED', wanted: 'STOPPED' }) })).toBe('refused');
  });

  it('shows the shortfalls that the server named', () => {
    const missing = [{ resource: 'vcpus', requested: 2, available: 1, missing: 1 }];
    const problem = toUserMessage(409, { code: 'QUOTA_EXCEEDED', message: 'x', details: { shortfalls: missing } });
    expect(desktopButtonState({ ...idle, problem })).toEqual({ kind: 'quota-full', missing });
  });
});
